"""Clocks that are moved, hosts in other time zones, and a timetable that was away for days."""

import contextlib
import email
import os
import signal
from collections import Counter
from datetime import timedelta

import pytest

from feedback.tests.whole_site import Browser, WholeSite
from logbook_site.faults import invariants
from logbook_site.faults.backups import ANSWER, Party
from logbook_site.faults.chance import say
from logbook_site.faults.kills import SETTINGS
from logbook_site.foundation import clock
from logbook_site.tests.test_run import BEAT, wait_for

RELEASE = "from feedback.tasks import release_feedback; release_feedback()"
OF_CHLOE = """
SELECT count(*) FROM feedback_feedbackrequest AS request JOIN accounts_user AS person ON person.id = mediator_id
WHERE email = 'chloe@example.org'
"""
SHOWN = """
from accounts.models import User
from feedback.models import Feedback
print(Feedback.objects.visible_to(User.objects.get(email="chloe@example.org")).count())
"""
NOTICES = "SELECT count(*) FROM accounts_outboxmessage WHERE message = 'feedback.emails.notice'"
ZONES = ["Pacific/Kiritimati", "Pacific/Pago_Pago", "America/St_Johns", "Asia/Kathmandu", "Africa/Casablanca"]
# Hours, of the clock of one process after the other.
JUMPS = [0, 1, 0, 25, 24, 26]


@pytest.mark.slow
def test_no_zone_and_no_jump_of_the_clock_releases_or_sends_twice() -> None:
    """The slot is two hours away: nothing is released before it, and it once, whatever clock and zone a process has."""
    slot = (clock.now() + timedelta(hours=2)).strftime("%H:%M")
    site = WholeSite(FEEDBACK_RELEASE_AT=slot, **SETTINGS)
    try:
        chloe = Browser(site.port)
        chloe.sign_in("chloe@example.org")
        parties = [Party(site, f"zone{number}") for number in range(2)]
        for party in parties:
            chloe.ask(name="Paula", email=party.address, reference="A matter")
            party.read_mail()
            party.answer()
        before = invariants.query(site, NOTICES)[0][0]
        for zone in ZONES:
            assert site.python(RELEASE + SHOWN, TZ=zone) == "0", zone
        for number, hours in enumerate(JUMPS):
            zone = ZONES[number % len(ZONES)]
            expected = "2" if any(jump > 2 for jump in JUMPS[: number + 1]) else "0"
            assert site.python(RELEASE + SHOWN, TZ=zone, CLOCK_OFFSET_HOURS=str(hours)) == expected, hours
        site.python(invariants.SWEEP, CLOCK_OFFSET_HOURS="26")
        assert invariants.query(site, NOTICES)[0][0] == before + 1
        notices = Counter(
            email.message_from_bytes(text)["Message-ID"] for text in site.mails_to("chloe@example.org")
        )
        assert list(notices.values()) == [1]
        say(f"five time zones, clock moved by {JUMPS} hours: one slot, one notice")
    finally:
        site.remove()


@pytest.mark.slow
def test_a_timetable_that_was_away_keeps_nothing_readable() -> None:
    """Beat stands still beyond the end of the contacts, and the clock of one process goes back an hour."""
    site = WholeSite(CONTACT_KEPT_HOURS=str(60 / 3600), **SETTINGS)
    beat = site.process_of(BEAT)
    try:
        os.kill(beat, signal.SIGSTOP)
        chloe = Browser(site.port)
        chloe.sign_in("chloe@example.org")
        chloe.ask(name="Paula", email="paula@example.net", reference="Kanariens Erbe")
        assert "Kanariens Erbe" in chloe.get("/feedback/requests/")
        late = f"{OF_CHLOE} AND unreadable_at <= now() AND sealed IS NOT NULL"
        wait_for(lambda: invariants.query(site, late)[0][0], 120)
        assert site.python(invariants.READABLE_LATE) == "[]"
        assert "Kanariens Erbe" not in chloe.get("/feedback/requests/")
        # A link outlives its contact: the party can answer, and the page names nobody.
        party = Party(site, "paula")
        party.read_mail()
        assert "Kanariens" not in Browser(site.port).get(f"/give-feedback/{party.token}/")
        reached, _page = Browser(site.port).post(f"/give-feedback/{party.token}/", ANSWER)
        assert reached.startswith("/give-feedback/thank-you/")
        os.kill(beat, signal.SIGCONT)
        wait_for(lambda: invariants.query(site, late) == [(0,)], 90)
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.kill(beat, signal.SIGCONT)
        site.remove()
