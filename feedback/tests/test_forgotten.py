"""Five days, watched in half a minute: what a party's details leave behind, anywhere, when their time is over.

The whole site runs, with a worker, and with a timetable that stands still: nothing tidies up. The details are
asked for as a mediator does it, the invitation is sent. Then every place to which the site writes is searched.
"""

import json
import os
import shutil
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import redis

from feedback.tests.canaries import all_files, all_keys, found_in
from feedback.tests.whole_site import Browser, WholeSite
from logbook_site.tests.test_run import BEAT, wait_for

NAME, ADDRESS, REFERENCE = "Zélie Kanarie & Söhne", "zelie.kanarie@example.org", "Kanariens Erbe's 4711"
KEPT_SECONDS = 36

READ = """
import json
from feedback.models import FeedbackRequest
from feedback.services.contacts import contact_of
from logbook_site.foundation.vault import Forgotten
row = FeedbackRequest.objects.get(mediator__email="chloe@example.org")
try:
    contact = contact_of(row)._asdict()
except Forgotten:
    contact = None
print(json.dumps([contact, row.sealed is not None, row.unreadable_at.timestamp()]))
"""
READ_THE_PAGE = """
from django.test import Client
from accounts.models import User
client = Client(headers={"host": "localhost"})
client.force_login(
    User.objects.get(email="chloe@example.org"), backend="allauth.account.auth_backends.AuthenticationBackend"
)
page = client.get("/feedback/requests/")
assert page.status_code == 200
print(page.content.decode())
"""
FORGET = "from feedback.tasks import forget_contacts; forget_contacts()"


@pytest.fixture
def site() -> Iterator[WholeSite]:
    site = WholeSite(CONTACT_KEPT_HOURS=str(KEPT_SECONDS / 3600))
    beat = site.process_of(BEAT)
    os.kill(beat, signal.SIGSTOP)
    yield site
    os.kill(beat, signal.SIGCONT)
    site.remove()


def in_all_of_redis(site: WholeSite) -> dict[str, bytes]:
    places = {}
    for number in range(64):
        with redis.Redis.from_url(site.redis_url.replace("db=0", f"db={number}")) as client:
            places |= {f"redis {number} {name}": content for name, content in all_keys(client).items()}
    return places


def everywhere(site: WholeSite, *folders: Path) -> dict[str, bytes]:
    """All that the site has written: the database as files and as a dump, Redis, logs, mail, sessions, everything."""
    return {
        "dump": site.program("pg_dump"),
        "terminal": "".join(site.lines).encode(),
        **all_files(site.var_dir, site.home, *folders),
        **in_all_of_redis(site),
    }


@pytest.mark.slow
def test_nothing_that_can_be_read_is_left_anywhere(site: WholeSite, tmp_path: Path):
    chloe = Browser(site.port)
    chloe.sign_in("chloe@example.org")
    chloe.ask(name=NAME, email=ADDRESS, reference=REFERENCE)
    wait_for(lambda: site.mails_to(ADDRESS))

    # While it can be read, it is read: by the mediator, by the code, and from the mail.
    assert found_in({"page": chloe.get("/feedback/requests/").encode()}, [NAME, ADDRESS, REFERENCE]) == {
        ("page", word) for word in (NAME, ADDRESS, REFERENCE)
    }
    contact, _is_sealed, unreadable_at = json.loads(site.python(READ))
    token = contact.pop("token")
    assert contact == {"name": NAME, "email": ADDRESS, "reference": REFERENCE}
    words = [NAME, ADDRESS, REFERENCE, token, "Kanarie", "zelie.kanarie"]
    assert found_in({"mail": site.mails_to(ADDRESS)[0]}, [ADDRESS, token]) == {
        ("mail", ADDRESS),
        ("mail", token),
    }
    # Somebody makes a backup of each kind.
    early_dump = site.program("pg_dump", "--no-owner")
    early_files = tmp_path / "data"
    shutil.copytree(site.home / "postgres" / "data", early_files, ignore=lambda *_: ["postmaster.pid"])
    assert time.time() < unreadable_at - 5, "It took so long that nothing would be shown."
    with redis.Redis.from_url(site.keys_url) as keys:
        assert keys.dbsize() >= 1

    time.sleep(max(0, unreadable_at + 0.5 - time.time()))

    # Nobody has tidied up, and yet it is gone.
    assert json.loads(site.python(READ)) == [None, True, unreadable_at]
    places = everywhere(site, early_files) | {"early dump": early_dump}
    assert len(places["dump"]) > 50_000 and any("pg_wal" in name for name in places)
    assert found_in(places, words) == set()
    assert found_in({"page": chloe.get("/feedback/requests/").encode()}, words) == set()
    names = [name.rpartition("vault:") for name in in_all_of_redis(site)]
    assert not [end for _place, vault, end in names if vault and int(end) <= 1000 * unreadable_at]

    # The early dump, restored, and read by the site itself.
    site.program("psql", "--command", "CREATE DATABASE restored")
    site.program("psql", "--quiet", "--set", "ON_ERROR_STOP=1", database="restored", entered=early_dump)
    assert json.loads(site.python(READ, database="restored")) == [None, True, unreadable_at]
    page = site.python(READ_THE_PAGE, database="restored")
    assert len(page) > 1000 and found_in({"page": page.encode()}, words) == set()

    # When somebody does tidy up, the bytes go, too, and there is nobody to tell.
    site.python(FORGET)
    assert json.loads(site.python(READ))[:2] == [None, False]
    assert len(site.mail.accepted) == 1

    # It would have been found.
    site.program("psql", "--command", f"CREATE TABLE planted AS SELECT '{ADDRESS}' AS a; CHECKPOINT")
    with redis.Redis.from_url(site.redis_url) as client:
        client.set("planted", NAME)
    (site.var_dir / "planted.log").write_text(json.dumps({"about": REFERENCE}))
    hits = found_in(everywhere(site), words)
    assert {
        ("dump", ADDRESS),
        ("redis 0 planted", NAME),
        (str(site.var_dir / "planted.log"), REFERENCE),
    } <= hits
    assert {word for place, word in hits if "/pg_wal/" in place} >= {ADDRESS}
    assert {word for place, word in hits if "/data/base/" in place} >= {ADDRESS}
