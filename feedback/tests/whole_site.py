"""The whole site in processes of its own, with a mail server that a test commands, and a person at a browser."""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from http.cookiejar import CookieJar
from pathlib import Path
from urllib.parse import urlencode, urlsplit
from urllib.request import HTTPCookieProcessor, Request, build_opener

from django.conf import settings

from accounts.tests.smtp_server import SmtpServer
from logbook_site.embedded import Postgres, Redis
from logbook_site.embedded.folders import home_below
from logbook_site.embedded.postgres import _programs
from logbook_site.tests.test_run import Site, free_port, wait_for

START_SECONDS = 180  # with the demo people, on a machine that has other things to do


class WholeSite(Site):
    """Its mail goes to `mail`; `python` runs a piece of code beside it, on its database and with its settings."""

    def __init__(self, var_dir: Path | None = None, mail: SmtpServer | None = None, **variables: str) -> None:
        self.var_dir = var_dir or Path(tempfile.mkdtemp(prefix="whole-site-", dir="/tmp"))
        self.var_dir.chmod(0o755)
        self.mail = mail or SmtpServer()
        self.variables = {"EMAIL_URL": f"smtp://127.0.0.1:{self.mail.port}"} | variables
        self.home = home_below(self.var_dir)
        self.database_url = Postgres(self.home).url()
        redis = Redis(self.home)
        self.redis_url, self.keys_url = redis.url(), redis.url(database=1)
        try:
            self.start()
            told = "from accounts.models import OutboxMessage as M; print(*M.objects.values_list('pk', flat=True))"
            self.mails_of_the_demo = set(self.python(told).split())
        except BaseException:
            self.remove()
            raise

    def start(self, **variables: str) -> None:
        """Also once more, after it was ended: on the same data."""
        self.variables |= variables
        port = int(self.variables.pop("PORT", 0)) or free_port()
        super().__init__(self.var_dir, port, **self.variables)
        wait_for(lambda: self.said("Ready: ") or self.process.poll() is not None, START_SECONDS)
        assert self.process.poll() is None, (self.lines, (self.home / "postgres" / "log").read_text()[-2000:])

    def remove(self) -> None:
        if self.process.poll() is None:
            self.end()
        self.mail.close()
        shutil.rmtree(self.var_dir, ignore_errors=True)
        shutil.rmtree(self.home, ignore_errors=True)

    def start_python(self, code: str, *, database: str = "", **variables: str) -> subprocess.Popen:
        address = urlsplit(self.database_url)._replace(path=f"/{database or 'logbook'}").geturl()
        ours = {
            "LOGBOOK_MODE": "demo",
            "DJANGO_SETTINGS_MODULE": "logbook_site.settings",
            "VAR_DIR": str(self.var_dir),
            "DATABASE_URL": address,
            "REDIS_URL": self.redis_url,
            "KEYS_REDIS_URL": self.keys_url,
        }
        return subprocess.Popen(
            [sys.executable, "-c", f"import django; django.setup()\n{code}"],
            cwd=settings.BASE_DIR,
            env=os.environ | ours | self.variables | variables,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def python(self, code: str, *, database: str = "", **variables: str) -> str:
        process = self.start_python(code, database=database, **variables)
        said, errors = process.communicate(timeout=60)
        assert process.returncode == 0, errors
        return said.strip()

    def program(self, name: str, *arguments: str, database: str = "logbook", entered: bytes = b"") -> bytes:
        """One of PostgreSQL's own programs, on the database."""
        address = urlsplit(self.database_url)._replace(path=f"/{database}").geturl()
        ran = subprocess.run(
            [_programs() / name, "--dbname", address, *arguments],
            input=entered,
            capture_output=True,
            timeout=60,
        )
        assert ran.returncode == 0, ran.stderr.decode()
        return ran.stdout

    def mails_to(self, address: str) -> list[bytes]:
        return [text for text in self.mail.accepted if f"To: {address}".encode() in text]


class Browser:
    """Somebody who keeps cookies, reads pages and posts forms."""

    def __init__(self, port: int) -> None:
        self.address = f"http://localhost:{port}"
        self.cookies = CookieJar()
        self.opener = build_opener(HTTPCookieProcessor(self.cookies))

    def get(self, path: str) -> str:
        with self.opener.open(self.address + path, timeout=30) as response:
            return response.read().decode()

    def post(self, path: str, fields: dict[str, str]) -> tuple[str, str]:
        """The address and the text of the page that the post leads to."""
        token = next((cookie.value for cookie in self.cookies if cookie.name == "csrftoken"), "")
        body = urlencode(fields | {"csrfmiddlewaretoken": token}).encode()
        request = Request(self.address + path, body, {"Origin": self.address, "Referer": self.address + path})
        with self.opener.open(request, timeout=30) as response:
            return response.url.removeprefix(self.address), response.read().decode()

    def sign_in(self, email: str) -> None:
        self.get("/accounts/login/")
        self.post("/demo/sign-in/", {"person": email})
        assert "Log out" in self.get("/")

    def ask(self, *, name: str, email: str, reference: str) -> None:
        """Request Feedback, one party."""
        page = self.get("/feedback/request/")
        form_key = re.search(r'name="form_key" value="([^"]+)"', page)
        fields = {
            "kind": "email", "parties-TOTAL_FORMS": "1", "parties-INITIAL_FORMS": "0", "parties-0-name": name,
            "parties-0-email": email, "reference": reference, "ended_on": "2026-03-02", "language": "en",
            "acted_as": "mediator", "agreed": "on", "action": "send", "form_key": form_key[1] if form_key else "",
        }  # fmt: skip
        reached, page = self.post("/feedback/request/", fields)
        assert reached != "/feedback/request/", page
