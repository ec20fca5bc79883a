"""What people trust us with, searched for wherever the site writes: fresh, in backups, and when its time is over.

Each kind of text has a word of its own. While it is fresh, whoever may read it does, on the page; and yet no byte of it
can be read at rest: not in a dump, the files and the write-ahead log of the database, Redis, logs, temporary files or a
session. When the time of the contacts is over, nobody can read them any more: not in the database, nor in a dump or a
copy of its files from when they were fresh. The search proves itself with words that were planted to be found.

The same for a whole account that was deleted: own_data/tests/test_forgotten_account.py.
"""

import base64
import html
import json
import os
import pwd
import quopri
import re
import shutil
import time
from pathlib import Path
from urllib.parse import quote

import pytest
import redis

from feedback.tests.canaries import all_files, found_in
from feedback.tests.test_forgotten import FORGET, READ_THE_PAGE, in_all_of_redis
from feedback.tests.whole_site import Browser, WholeSite
from logbook_site.embedded import Postgres
from logbook_site.embedded.folders import is_root
from logbook_site.faults import invariants
from logbook_site.faults.backups import Party
from logbook_site.faults.chance import say
from logbook_site.own_data.tests.test_forgotten_account import Person
from logbook_site.tests.test_run import wait_for

KEPT_SECONDS = 120
CONTACT = ["Zélie Kanarie & Söhne", "zelie.kanarie@example.org", "Kanariens Erbe's 4711"]
RESPONDENT = ["Rémi Wachtel-Núñez", "remi.wachtel@example.org"]
LEARNED = ["Lerche: zugehört, «œuf»", "Drossel überlegt", "Amsel ©2026 gelernt", "Zeisig nahm mit"]
NOTE = ["Meise notiert dies"]
PENDING = ["Dohle wartet noch", "dohle.wartet@example.org"]
# Of spreadsheets: one that waits, half-way, and of one that was saved the row that was not taken.
WAITING = ["Girlitz «wartet»", "Buchfink ohne Dauer", "Kleiber pasted"]
REJECTED = ["Stieglitz blieb draußen"]
NAMES_OF_FILES = ["Zaunkönig v Söhne"]
BROUGHT = [*WAITING, *REJECTED, *NAMES_OF_FILES]
ALL = [*CONTACT, *RESPONDENT, *LEARNED, *NOTE, *PENDING, *BROUGHT, "Kanarie", "wachtel", "dohle"]
PLANTED = "Prüfvogel & Söhne"
# The nine in which computers write words down, and hexadecimal, in which PostgreSQL dumps bytes.
ENCODINGS = {
    "utf-8": lambda word: word.encode(),
    "utf-16-le": lambda word: word.encode("utf-16-le"),
    "utf-16-be": lambda word: word.encode("utf-16-be"),
    "latin-1": lambda word: word.encode("latin-1"),
    "base64": lambda word: base64.b64encode(b"x" + word.encode()),
    "quoted-printable": lambda word: quopri.encodestring(word.encode()),
    "address": lambda word: quote(word).encode(),
    "html": lambda word: html.escape(word).encode(),
    "json": lambda word: json.dumps(word).encode(),
    "hexadecimal": lambda word: word.encode().hex().encode(),
}
SESSIONS = """
from django.contrib.sessions.models import Session
for session in Session.objects.all():
    print(session.get_decoded())
"""
PLANT_A_SESSION = f"""
from django.contrib.sessions.backends.db import SessionStore
store = SessionStore()
store["word"] = {PLANTED!r} * 50
store.save()
"""
READ_ALL = """
import json
from feedback.models import FeedbackRequest, PendingFeedback
from feedback.services.answers import read_pending
from feedback.services.contacts import contact_of
from logbook_site.foundation.vault import Forgotten
read = []
for rows, open_one in (
    (FeedbackRequest.objects.filter(mediator__email="chloe@example.org"), contact_of),
    (PendingFeedback.objects.all(), read_pending),
):
    for row in rows:
        try:
            read.append(str(open_one(row)))
        except Forgotten:
            read.append(None)
print(json.dumps(read))
"""
RESPONDENTS = """
from feedback.models import Respondent
print([(row.name, row.email) for row in Respondent.objects.all() if "Wachtel" in row.name])
"""
# What waits for its confirmation was typed last, and is over last.
ALL_OVER = """
SELECT max(unreadable_at) < now() FROM (
    SELECT unreadable_at FROM feedback_feedbackrequest WHERE sealed IS NOT NULL
    UNION ALL SELECT unreadable_at FROM feedback_pendingfeedback
) AS sealed
"""
FORGET_IMPORTS = "from accounts.tasks import forget_imports; forget_imports()"
ERASE = "from feedback.tasks import forget_respondents; forget_respondents()"


def type_everything(site: WholeSite) -> None:
    """Through the pages, as people do."""
    chloe = Person(site.port)
    chloe.sign_in("chloe@example.org")
    name, address, reference = CONTACT
    chloe.ask(name=name, email=address, reference=reference)
    party = Party(site, "unused")
    party.address = address
    party.read_mail()
    answers = {
        "share": "yes", "clear": "4", "helpful": "Calm", "respondent_name": RESPONDENT[0],
        "respondent_email": RESPONDENT[1], "action": "send", "form_key": "one",
    }  # fmt: skip
    Browser(site.port).post(f"/give-feedback/{party.token}/", answers)
    entry = {
        "ended_on": "2026-03-02", "title": "A matter", "role": "lead", "medium": "online", "hours": "3",
        "setting": "real", "did_well": LEARNED[0], "challenges": LEARNED[1], "learnings": LEARNED[2],
    }  # fmt: skip
    assert "/logbook/add/" not in chloe.send("/logbook/add/", **entry)[0]
    course = {
        "completed_on": "2026-03-02",
        "title": "A course",
        "kind": "training",
        "hours": "3",
        "takeaways": LEARNED[3],
    }
    assert "/cpd/add/" not in chloe.send("/cpd/add/", **course)[0]
    # A refused form: what was typed is on the page, and nowhere else.
    refused = {
        "parties-TOTAL_FORMS": "1",
        "parties-INITIAL_FORMS": "0",
        "kind": "email",
        "reference": reference,
    }
    refused |= {"parties-0-name": name, "parties-0-email": "kanarie without an at", "action": "send"}
    assert html.escape(name) in chloe.post("/feedback/request/", refused)[1]
    chloe.get(f"/learnings/?q={quote('Lerche')}")
    piece = re.search(r"/feedback/[0-9a-f-]{36}/", chloe.get("/feedback/"))[0]
    chloe.post(f"{piece}note/", {"note": NOTE[0]})
    for path, words in (("/learnings/", LEARNED), (piece, NOTE), ("/feedback/requests/", CONTACT)):
        assert found_in({"page": chloe.get(path).encode()}, words) == {("page", word) for word in words}, path
    # The general survey waits for a confirmation.
    chloe.send("/my-details/", visibility="directories", accepts_general="on")
    code = re.search(r"/give-feedback/to/([\w-]+)/", chloe.get("/my-details/"))[1]
    general = {
        "acted_as": "mediator", "year": "2026", "share": "yes", "clear": "4", "helpful": PENDING[0],
        "respondent_email": PENDING[1], "action": "send", "form_key": "two",
    }  # fmt: skip
    reached, page = Browser(site.port).post(f"/give-feedback/to/{code}/", general)
    assert "confirm" in reached, page


# The second row says no hours that can be read.
SHEET = """Date,Reference,Role,Medium,Hours
2026-03-02,{0},Lead mediator,Online,3
2026-03-03,{1},Lead mediator,Online,viel
"""


def bring_spreadsheets(site: WholeSite) -> list[str]:
    """One waits at its preview, one was pasted and waits, one was saved but for a row. Where each of them is."""
    chloe = Person(site.port)
    chloe.sign_in("chloe@example.org")
    start, name = "/logbook/import/", f"{NAMES_OF_FILES[0]}.csv"
    waiting = chloe.upload(start, "file", SHEET.format(*WAITING).encode(), called=name)
    page = chloe.get(waiting)
    assert found_in({"page": html.unescape(page).encode()}, WAITING[:2]) == {
        ("page", word) for word in WAITING[:2]
    }
    pasted = SHEET.format(WAITING[2], "Nothing").replace(",", "\t")
    also_waiting, page = chloe.post(start, {"step": "file", "paste": pasted})
    assert WAITING[2] in page
    saved = chloe.upload(start, "file", SHEET.format("An orchard", REJECTED[0]).encode(), called=name)
    reached, page = chloe.post(saved, {"step": "save"})
    assert "1 row did not come in" in page, reached
    assert REJECTED[0] in chloe.get(f"{saved}rejected/?format=csv")
    return [waiting, also_waiting, saved]


def everywhere(site: WholeSite, *folders: Path) -> dict[str, bytes]:
    """All that the site has written; the mail server is the outer world."""
    return {
        "dump": site.program("pg_dump"),
        "terminal": "".join(site.lines).encode(),
        "sessions": site.python(SESSIONS).encode(),
        **all_files(site.var_dir, site.home, *folders),
        **in_all_of_redis(site),
    }


def copy_the_files(site: WholeSite) -> Postgres:
    """A backup of the other kind, with the tools of PostgreSQL; not started."""
    copy = Postgres(site.var_dir / "copy")
    copy.folder.mkdir(parents=True)
    site.program("pg_basebackup", "--pgdata", str(copy.data), "--wal-method=stream", "--checkpoint=fast")
    if is_root():
        user = pwd.getpwnam("nobody")
        for path in [copy.data, *copy.data.rglob("*")]:
            os.chown(path, user.pw_uid, user.pw_gid)
    return copy


@pytest.mark.slow
def test_nothing_can_be_read_where_it_lies() -> None:
    temporary = Path("/tmp", f"privacy-run-{os.getpid()}")
    temporary.mkdir(mode=0o755)
    site = WholeSite(CONTACT_KEPT_HOURS=str(KEPT_SECONDS / 3600), TMPDIR=str(temporary))
    try:
        brought = bring_spreadsheets(site)
        type_everything(site)
        assert site.python(RESPONDENTS) == str([tuple(RESPONDENT)])
        fresh = json.loads(site.python(READ_ALL))
        assert found_in({"read": "".join(fresh).encode()}, [*CONTACT, *PENDING])

        # Taken now, searched at the end: searching takes longer than the words can be read.
        places = {f"fresh {place}": content for place, content in everywhere(site, temporary).items()}
        assert len(places["fresh dump"]) > 50_000 and any("pg_wal" in place for place in places)
        dump, copy = site.program("pg_dump", "--no-owner"), copy_the_files(site)
        assert site.python(RESPONDENTS) and None not in json.loads(site.python(READ_ALL)), "it took too long"
        wait_for(lambda: invariants.query(site, ALL_OVER)[0][0] is not False, KEPT_SECONDS + 30)
        time.sleep(1)

        # Over. In the database, in a restored dump and in a restored copy of its files nobody can read it.
        assert set(json.loads(site.python(READ_ALL))) <= {None}
        site.program("psql", "--command", "CREATE DATABASE restored")
        site.program("psql", "--quiet", "--set", "ON_ERROR_STOP=1", database="restored", entered=dump)
        assert set(json.loads(site.python(READ_ALL, database="restored"))) == {None}
        assert copy.claim()
        copy.start()
        try:
            assert set(json.loads(site.python(READ_ALL, DATABASE_URL=copy.url()))) == {None}
            page = site.python(READ_THE_PAGE, DATABASE_URL=copy.url())
            assert len(page) > 1000 and found_in({"page": page.encode()}, CONTACT) == set()
        finally:
            copy.stop()
        site.python(FORGET)
        assert invariants.query(site, "SELECT count(*) FROM feedback_pendingfeedback") == [(0,)]
        imports = site.var_dir / "imports"
        assert len(list(imports.iterdir())) == len(brought)
        site.python(FORGET_IMPORTS, CLOCK_OFFSET_HOURS="25")
        assert list(imports.iterdir()) == [], "a day later no file is left"
        # Where it lies, nothing could be read, not even while it was fresh.
        places |= everywhere(site, temporary) | {"early dump": dump}
        assert found_in(places, ALL) == set()
        say(
            f"{len(places)} places, {sum(map(len, places.values())) / 1e6:.0f} MB searched for {len(ALL)} words: none"
        )

        # Respondents, two years later: not even sealed.
        two_years = str(24 * 31 * 26)
        site.python(ERASE)
        assert site.python(RESPONDENTS) == str([tuple(RESPONDENT)])
        site.python(ERASE, CLOCK_OFFSET_HOURS=two_years)
        assert site.python(RESPONDENTS) == "[]"

        prove_the_search(site, temporary)
    finally:
        site.remove()
        shutil.rmtree(temporary, ignore_errors=True)


def prove_the_search(site: WholeSite, temporary: Path) -> None:
    """What is planted in each kind of place, and in each encoding, is found."""
    for name, encode in ENCODINGS.items():
        (temporary / name).write_bytes(b"before " + encode(PLANTED) + b" after")
    site.program("psql", "--command", f"CREATE TABLE planted AS SELECT '{PLANTED}' AS a; CHECKPOINT")
    site.python(PLANT_A_SESSION)
    with redis.Redis.from_url(site.redis_url) as client:
        client.set("planted", PLANTED)
    (site.var_dir / "planted.log").write_text(PLANTED)
    hits = {place for place, _word in found_in(everywhere(site, temporary), [PLANTED])}
    kinds = {str(temporary / name) for name in ENCODINGS}
    assert hits >= kinds | {"dump", "sessions", "redis 0 planted", str(site.var_dir / "planted.log")}
    assert [place for place in hits if "/pg_wal/" in place] and [
        place for place in hits if "/data/base/" in place
    ]
    say(f"planted words found in {len(hits)} places, {len(ENCODINGS)} encodings")
