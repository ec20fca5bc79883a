"""The invariants are able to fail: each is broken once on purpose, on a site where all of them hold."""

import json
import time
from collections.abc import Callable

import psycopg2
import pytest

from feedback.tests.whole_site import WholeSite
from logbook_site.faults import invariants
from logbook_site.faults.chance import say
from logbook_site.faults.kills import SETTINGS
from logbook_site.faults.visitors import Visitors

DELETED_COUNT = (
    "from logbook.querysets import LogbookEntryQuerySet\nLogbookEntryQuerySet.live = lambda rows: rows\n"
)
AN_ENTRY = "(SELECT id FROM logbook_logbookentry WHERE title LIKE 'fault-%' ORDER BY title LIMIT 1)"
A_CONTACT = "(SELECT id FROM feedback_feedbackrequest WHERE sealed IS NOT NULL LIMIT 1)"


def change(site: WholeSite, *statements: str) -> None:
    with psycopg2.connect(site.database_url) as connection, connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
    connection.close()


@pytest.mark.slow
def test_each_invariant_notices() -> None:
    site = WholeSite(**SETTINGS)

    def fails(check: Callable[[], object]) -> bool:
        try:
            check()
        except AssertionError:
            return True
        return False

    def lost() -> None:
        invariants.nothing_is_lost_and_nothing_doubled(site, visitors)

    def twice() -> None:
        invariants.nothing_is_sent_twice(site)

    def late() -> None:
        invariants.nothing_is_readable_late(site)

    try:
        with Visitors(site) as visitors:
            while not (visitors.withdrawn and visitors.logged):
                time.sleep(0.5)
                assert not visitors.wrong, visitors.wrong
        say(invariants.check(site, visitors))
        assert not fails(lost) and not fails(twice) and not fails(late)

        token, code = visitors.thanked.popitem()
        assert fails(lost), "an answer that nobody was thanked for"
        visitors.thanked[token] = code
        address = visitors.asked.pop()
        assert fails(lost), "a request that nobody made"
        visitors.asked.append(address)
        visitors.logged.append(visitors.logged[0])
        assert fails(lost), "an entry that was saved twice, and is there once"
        visitors.logged.pop()
        mails = site.mail.accepted
        mails.append(mails[-1])
        assert fails(twice), "a mail that came twice"
        mails.pop()
        mail = mails.pop()
        assert fails(twice), "a mail that says sent, and never came"
        mails.append(mail)
        change(
            site,
            f"UPDATE feedback_feedbackrequest SET unreadable_at = now() - interval '1 hour' WHERE id = {A_CONTACT}",
        )
        assert fails(late), "bytes that the purge forgot"
        site.python(invariants.PURGE)
        assert not fails(lost) and not fails(twice) and not fails(late)
        change(site, f"UPDATE logbook_logbookentry SET deleted_at = now() WHERE id = {AN_ENTRY}")
        assert json.loads(site.python(invariants.TOTALS)) == []
        assert json.loads(site.python(DELETED_COUNT + invariants.TOTALS)), "a download with what was deleted"
        visitors._look_at("Traceback (most recent call last)", "page")
        assert visitors.wrong == ["page shows Traceback (most"]
    finally:
        site.remove()
