"""The end of an account, watched in a minute: nothing of a person is left anywhere that can be read.

The whole site runs, with its worker and timetable. Somebody signs up, fills every text field of the pages with words of
their own, takes their data along, and deletes the account; the worker does the rest. Then every place to which the site
writes is searched: a dump of the database, Redis, and all files but those of PostgreSQL itself.
"""

import io
import re
from collections.abc import Iterator
from urllib.request import Request
from zipfile import ZipFile

import pytest

from cpd.tests.factories import a_pdf
from feedback.tests.canaries import all_files, found_in
from feedback.tests.test_forgotten import in_all_of_redis
from feedback.tests.whole_site import Browser, WholeSite
from logbook_site.tests.test_run import wait_for

NAME, EMAIL, PASSWORD = "Zélie Kanarie & Söhne", "zelie.kanarie@example.org", "quiet-harbour-lamp-7"
SECOND = "kanarie.two@example.org"
WORDS = [NAME, EMAIL, SECOND, "Kanarie", "kanarie"]
CODE = re.compile(r"^ {4}(\S+)\s*$", re.M)
FORM_KEY = re.compile(r'name="form_key" value="([^"]+)"')
PEOPLE = f"SELECT count(*) FROM accounts_user WHERE email = '{EMAIL}'"
OTHERS = """
from logbook.models import LogbookEntry
print(LogbookEntry.objects.filter(owner__email="amina@example.org").count())
"""


@pytest.fixture
def site() -> Iterator[WholeSite]:
    site = WholeSite(ACCOUNT_DELETION_HOURS=str(20 / 3600))
    yield site
    site.remove()


class Person(Browser):
    """Fills in forms as a browser does, the form's key included."""

    def send(self, path: str, **fields: str) -> tuple[str, str]:
        found = FORM_KEY.search(self.get(path))
        return self.post(path, fields | {"form_key": found[1] if found else ""})

    def upload(self, path: str, name: str, file: bytes, *, called: str = "a.pdf", **fields: str) -> str:
        found = FORM_KEY.search(self.get(path))
        token = next(cookie.value for cookie in self.cookies if cookie.name == "csrftoken")
        mark = "boundary-between-the-parts"
        texts = fields | {"form_key": found[1] if found else "", "csrfmiddlewaretoken": token}
        parts = [
            f'--{mark}\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}\r\n'.encode()
            for key, value in texts.items()
        ]
        parts.append(
            f'--{mark}\r\nContent-Disposition: form-data; name="{name}"; filename="{called}"\r\n'
            "Content-Type: application/octet-stream\r\n\r\n".encode()
            + file
            + f"\r\n--{mark}--\r\n".encode()
        )
        request = Request(
            self.address + path, b"".join(parts),
            {"Origin": self.address, "Content-Type": f"multipart/form-data; boundary={mark}"},
        )  # fmt: skip
        with self.opener.open(request, timeout=30) as response:
            return response.url.removeprefix(self.address)

    def fetch(self, path: str) -> bytes:
        with self.opener.open(self.address + path, timeout=30) as response:
            return response.read()


def mailed_code(site: WholeSite, address: str) -> str:
    wait_for(lambda: site.mails_to(address))
    return CODE.search(site.mails_to(address)[-1].decode())[1]


def sign_up(site: WholeSite) -> Person:
    zelie = Person(site.port)
    zelie.send(
        "/accounts/signup/", name=NAME, email=EMAIL, password1=PASSWORD, password2=PASSWORD, kind="mediator"
    )
    zelie.post("/accounts/confirm-email/", {"code": mailed_code(site, EMAIL)})
    assert "Log out" in zelie.get("/")
    return zelie


def fill_every_field(site: WholeSite, zelie: Person) -> None:
    assert (
        zelie.send(
            "/my-details/",
            visibility="directories",
            imi_profile="https://imimediation.org/kanarie/",
            country="DE",
            languages="de",
            about="Kanarie is about",
            accepts_general="on",
        )[0]
        == "/my-details/"
    )
    entry = {
        "ended_on": "2026-03-02", "title": "Kanarie title", "role": "lead", "medium": "online", "hours": "3",
        "subject": "Kanarie subject", "provider": "Kanarie provider", "setting": "real", "did_well": "Kanarie did well",
        "challenges": "Kanarie challenge", "learnings": "Kanarie learned",
    }  # fmt: skip
    assert re.match(r"/logbook/[0-9a-f-]{36}/", zelie.send("/logbook/add/", **entry)[0])
    course = {
        "completed_on": "2026-03-02", "title": "Kanarie course", "kind": "training", "hours": "3",
        "provider": "Kanarie house", "takeaways": "Kanarie takeaway",
    }  # fmt: skip
    assert re.match(
        r"/cpd/[0-9a-f-]{36}/", zelie.upload("/cpd/add/", "evidence", a_pdf() + b"%Kanarie pdf", **course)
    )
    asked = {"action": "invite", "invite_email": "kanarie.reviewer@example.org"}
    assert "Invited." in zelie.send("/my-details/reviewer/", **asked)[1]
    zelie.ask(name="Paula Kanarie", email="paula.kanarie@example.org", reference="Kanarie 4711")
    wait_for(lambda: site.mails_to("paula.kanarie@example.org"))
    invitation = site.mails_to("paula.kanarie@example.org")[0].replace(b"=\r\n", b"")
    link = re.search(rb"/give-feedback/[\w-]{32}/", invitation)
    party = Person(site.port)
    answers = {
        "share": "yes", "clear": "4", "helpful": "Kanarie helped", "better": "Kanarie better", "quote": "Kanarie quote",
        "may_quote": "yes", "respondent_name": "Kanarie Party", "respondent_email": "kanarie.party@example.org",
        "action": "send",
    }  # fmt: skip
    assert party.send(link[0].decode(), **answers)[0].startswith("/give-feedback/thank-you/")
    piece = re.search(r"/feedback/[0-9a-f-]{36}/", zelie.get("/feedback/"))[0]
    zelie.post(f"{piece}note/", {"note": "Kanarie note"})
    zelie.post(f"{piece}report/", {"reason": "Kanarie report"})
    # A second address, and a search whose words a session may keep.
    zelie.send("/accounts/reauthenticate/", password=PASSWORD)
    zelie.send("/accounts/email/", email=SECOND, action_add="")
    zelie.get("/logbook/?q=Kanarie")


def everywhere(site: WholeSite) -> dict[str, bytes]:
    """A dump, the words on the terminal, Redis, and all files of the site; the mail server is the outer world."""
    files = all_files(site.var_dir, site.home)
    own = {name: content for name, content in files.items() if "/postgres/data/" not in name}
    return (
        {"dump": site.program("pg_dump"), "terminal": "".join(site.lines).encode()}
        | own
        | in_all_of_redis(site)
    )


@pytest.mark.slow
def test_nothing_of_a_person_is_left_when_their_account_is_deleted(site: WholeSite) -> None:
    zelie = sign_up(site)
    fill_every_field(site, zelie)
    others = site.python(OTHERS)
    kept = [EMAIL, "Kanarie title", "Kanarie helped"]
    assert found_in({"dump": site.program("pg_dump")}, kept) == {("dump", word) for word in kept}

    # Everything, taken along.
    zelie.send("/account-settings/download/")
    wait_for(lambda: "Download the file" in zelie.get("/account-settings/download/"))
    file = re.search(r"/account-settings/download/[0-9a-f-]{36}/", zelie.get("/account-settings/download/"))[
        0
    ]
    archive = ZipFile(io.BytesIO(zelie.fetch(file)))
    told = b"".join(archive.read(name) for name in archive.namelist())
    for words in (
        "Kanarie is about", "Kanarie title", "Kanarie subject", "Kanarie provider", "Kanarie did well",
        "Kanarie challenge", "Kanarie learned", "Kanarie course", "Kanarie house", "Kanarie takeaway", "Kanarie pdf",
        "Kanarie helped", "Kanarie better", "Kanarie quote", "Kanarie note", "Kanarie report", NAME, EMAIL,
    ):  # fmt: skip
        assert words.encode() in told, words
    for words in ("Kanarie Party", "kanarie.party@example.org", "Paula", "4711"):
        assert words.encode() not in told, words

    # Deleted by herself; the worker does the rest.
    reached, page = zelie.send("/account-settings/delete/", password=PASSWORD)
    assert reached == "/account-settings/restore/" and "Your account is closed" in page
    wait_for(lambda: site.mails_to(EMAIL)[-1].count(b"deleted"))
    wait_for(lambda: site.program("psql", "-tA", "--command", PEOPLE).strip() == b"0", 150)
    wait_for(lambda: "kanarie" not in str(list((site.var_dir / "downloads").iterdir())))

    places = everywhere(site)
    assert len(places["dump"]) > 50_000
    assert found_in(places, WORDS) == set()
    assert list((site.var_dir / "downloads").iterdir()) == []
    assert b"Kanarie pdf" not in b"".join(all_files(site.var_dir / "evidence").values())
    assert site.python(OTHERS) == others
    # It would have been found.
    (site.var_dir / "planted.log").write_text(NAME)
    site.program("psql", "--command", f"CREATE TABLE planted AS SELECT '{EMAIL}' AS a")
    assert {("dump", EMAIL), (str(site.var_dir / "planted.log"), NAME)} <= found_in(everywhere(site), WORDS)
