"""A small site where every role is at home, everything exists once, and each private word has its few readers."""

from collections.abc import Iterator
from html.parser import HTMLParser
from typing import NamedTuple
from urllib.parse import urljoin, urlsplit

from django.conf import settings
from django.test import Client
from django.urls import Resolver404, resolve

from accounts.choices import Visibility
from accounts.models import MediatorProfile, User
from accounts.services import jobs, organisations
from accounts.services.invitations import token_of
from accounts.services.people import answer_visibility
from accounts.tests.doors import sign_in
from accounts.tests.factories import (
    PASSWORD,
    make_admin,
    make_appointment,
    make_directory,
    make_mediator,
    make_organisation,
    make_pending,
    make_reviewer,
)
from cpd.tests.factories import a_pdf, make_cpd
from feedback.models import PendingFeedback, Respondent
from feedback.services.answers import Answers, keep_until_confirmed, read_pending
from feedback.services.contacts import contact_of
from feedback.services.pieces import save_note
from feedback.services.requests import Mediation, make_links
from feedback.services.secrets import sign_address
from feedback.tests.factories import make_piece, make_request
from logbook.tests.factories import make_entry
from logbook_site.foundation import clock
from logbook_site.own_data.services.downloads import begin_download
from reviewers.tests.factories import make_final_digest

AMINA, BEN, ROSA, DANA, ADMIN = "amina", "ben", "rosa", "dana", "admin"
STRANGER = ""
PEOPLE = (STRANGER, AMINA, BEN, ROSA, DANA, ADMIN)
# Each word stands in one place, and these people may read it; nobody else, by no answer of the site.
READERS = {
    "QuinceLearned": {AMINA},
    "QuinceTakeaway": {AMINA},
    "QuinceEntry": {AMINA},
    "QuinceNote": {AMINA},
    "QuinceUnshared": {ROSA, ADMIN},
    "QuinceShared": {AMINA, ROSA, ADMIN},
    "QuinceForBen": {ROSA, ADMIN},
    "QuinceRespondent": {ADMIN},
    "QuinceParty": {AMINA},
    "QuinceReference": {AMINA},
    "QuincePrivate": {BEN, ROSA, ADMIN},  # the name of a mediator who is private
}


class Inhabited(NamedTuple):
    people: dict[str, User]
    cookies: dict[str, str]  # the session of each
    paths: list[str]  # addresses that no page leads to: links that are mailed


def inhabited() -> Inhabited:
    """Makes it, in the database of the test."""
    amina, ben = make_mediator(name="Amina Okafor", password=PASSWORD), make_mediator(password=PASSWORD)
    User.objects.filter(pk=ben.pk).update(name="Ben QuincePrivate")
    rosa, dana = make_reviewer(vetted=True, password=PASSWORD), make_directory(password=PASSWORD)
    people = {AMINA: amina, BEN: ben, ROSA: rosa, DANA: dana, ADMIN: make_admin(password=PASSWORD)}
    answer_visibility(profile=amina.mediator_profile, visibility=Visibility.DIRECTORIES, by=amina)
    MediatorProfile.objects.filter(person=amina).update(accepts_general=True, general_code="orchard")
    make_appointment(amina, rosa)
    _write(amina, ben)
    cookies = {name: _session(person) for name, person in people.items()}
    return Inhabited(people, cookies, [*_mailed(amina, rosa, people[ADMIN]), *_jobs(amina)])


def _write(amina: User, ben: User) -> None:
    make_entry(
        amina,
        title="QuinceEntry",
        did_well="QuinceLearned",
        challenges="QuinceLearned",
        learnings="QuinceLearned",
    )
    make_entry(amina, title="QuinceEntry", deleted=True)
    make_cpd(amina, title="A course", takeaways="QuinceTakeaway", evidence=a_pdf())
    make_cpd(amina, title="Another", deleted=True)
    piece = make_piece(amina, helpful="QuinceShared")
    save_note(piece=piece, note="QuinceNote", by=amina)
    make_piece(amina, shared=False, helpful="QuinceUnshared")
    Respondent.objects.create(feedback=piece, name="QuinceRespondent", email="", erase_on=clock.today())
    make_piece(ben, shared=False, helpful="QuinceForBen")
    make_entry(ben, title="A hill")
    make_final_digest(amina, reviewer_name="Rosa")


def _session(person: User) -> str:
    """Signed in through the door: who just gave the password is not asked for it again."""
    client = Client()
    sign_in(client, person)
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def _mailed(amina: User, rosa: User, admin: User) -> Iterator[str]:
    asked = make_request(
        amina, name="QuinceParty", email="quinceparty@example.org", reference="QuinceReference"
    )
    yield f"/give-feedback/{contact_of(asked).token}/"
    yield "/give-feedback/to/orchard/"
    yield f"/stop/{sign_address('paula@example.org')}/"
    answers = Answers(shared=True, ratings={"clear": 4}, respondent_email="greta@example.org")
    keep_until_confirmed(
        mediator=amina, acted_as="mediator", year=2024, answers=answers, language="en", form_key=""
    )
    yield f"/give-feedback/confirm/{read_pending(PendingFeedback.objects.get())['token']}/"
    links = make_links(mediator=amina, count=2, mediation=Mediation(ended_on=clock.today()), by=amina)
    yield f"/feedback/request/?links={links}"
    yield f"/invitation/{token_of(make_pending(make_mediator(), rosa).pk)}/"
    place = organisations.invite_staff(organisation=make_organisation(), email=rosa.email, by=admin)
    yield f"/invitation/place-{token_of(place.pk)}/"


def _jobs(amina: User) -> Iterator[str]:
    job = begin_download(by=amina)
    jobs.run_next()
    yield f"/jobs/{job.pk}/"
    yield f"/account-settings/download/{job.pk}/"


# --- What its pages lead to ------------------------------------------------------------------------


class Form(NamedTuple):
    """A form as a page shows it: where it goes, and each field with the values that it offers."""

    path: str
    method: str
    fields: tuple[tuple[str, tuple[str, ...]], ...]


class PageReader(HTMLParser):
    """The links and forms of a page."""

    def __init__(self, path: str) -> None:
        super().__init__()
        self.path, self.links, self.forms = path, set(), []
        self._form: tuple[str, str, dict[str, list[str]]] | None = None
        self._select = ""

    def handle_starttag(self, tag: str, attributes: list) -> None:
        has = {name: value or "" for name, value in attributes}
        if tag == "a" and "href" in has:
            self.links.add(self._local(has["href"]))
        elif tag == "form":
            self._form = (self._local(has.get("action") or self.path), has.get("method", "get").upper(), {})
        elif self._form and tag in {"input", "select", "textarea", "button"} and has.get("name"):
            values = self._form[2].setdefault(has["name"], [])
            values += [has["value"]] if "value" in has else []
            self._select = has["name"] if tag == "select" else self._select
        elif self._form and tag == "option" and self._select:
            self._form[2][self._select].append(has.get("value", ""))

    def handle_endtag(self, tag: str) -> None:
        if tag == "form" and self._form:
            path, method, fields = self._form
            fields.pop("csrfmiddlewaretoken", None)
            self.forms.append(Form(path, method, tuple((name, tuple(v)) for name, v in fields.items())))
            self._form = None
        self._select = "" if tag == "select" else self._select

    def _local(self, href: str) -> str:
        parts = urlsplit(urljoin(f"http://localhost{self.path}", href))
        return f"{parts.path}?{parts.query}".rstrip("?") if parts.netloc == "localhost" else ""


def browser(site: Inhabited, who: str) -> Client:
    client = Client(raise_request_exception=False)
    if who:
        client.cookies[settings.SESSION_COOKIE_NAME] = site.cookies[who]
    return client


class Walked(NamedTuple):
    """What somebody comes to by links from Home."""

    paths: dict[str, set[str]]  # by route
    forms: set[Form]
    pages: dict[str, str]  # what the opened ones hold, by path


def walked(site: Inhabited, who: str) -> Walked:
    """One page of each route is opened; all that it leads to is kept. Downloads are not waited for."""
    client, paths, forms, pages = browser(site, who), {}, set(), {}
    waiting = ["/", *(["/admin/"] if who == ADMIN else ["/feedback/digest/", *site.paths])]
    while waiting:
        path = waiting.pop(0)
        route = route_of(path)
        if not route:
            continue
        is_known = route in paths
        paths.setdefault(route, set()).add(path)
        if is_known or route.endswith(("print/", "export/", "pdf/")):
            continue
        answer = client.get(path)
        if answer.status_code == 302:
            waiting.append(PageReader(path)._local(answer.url))
        elif not answer.streaming and "html" in answer.headers.get("Content-Type", ""):
            reader, pages[path] = PageReader(path), answer.text
            reader.feed(answer.text)
            waiting += sorted(reader.links)
            forms |= set(reader.forms)
    return Walked(paths, forms, pages)


def route_of(path: str) -> str | None:
    """Its route. None for what is no page of ours, or ends the sign-in."""
    try:
        route = resolve(urlsplit(path).path).route
    except Resolver404:
        return None
    return None if "logout" in route else route
