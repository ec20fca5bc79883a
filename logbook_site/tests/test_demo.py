"""The demo: its people, the sign-in with one click, and the mailbox that shows every mail."""

import pytest
from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.test import Client

from accounts.choices import AppointmentState, Role
from accounts.models import Appointment, User
from accounts.tests.doors import CODE, SIGN_UP, person_at, sign_in
from accounts.tests.factories import make_mediator
from logbook.models import LogbookEntry
from logbook_site.demo.load import load_demo
from logbook_site.demo.people import PASSWORD, PEOPLE

pytestmark = pytest.mark.django_db
SIGN_IN = "/demo/sign-in/"


@pytest.fixture
def people() -> dict[str, User]:
    assert load_demo()
    return {person.email.partition("@")[0]: person for person in User.objects.all()}


@pytest.fixture
def folder(settings, tmp_path):
    settings.EMAIL_BACKEND = "logbook_site.foundation.mail.FolderBackend"
    settings.MAIL_DIR = tmp_path
    return tmp_path


def write(subject: str, body: str, to: str = "noor@example.org", html: str = "") -> None:
    mail = EmailMultiAlternatives(subject, body, to=[to])
    if html:
        mail.attach_alternative(html, "text/html")
    mail.send()


def test_the_demo_people(people: dict[str, User]) -> None:
    assert {name: person.roles for name, person in people.items()} == {
        "amina": {Role.MEDIATOR},
        "ben": {Role.MEDIATOR},
        "chloe": {Role.MEDIATOR},
        "rosa": {Role.REVIEWER},
        "dana": {Role.DIRECTORY},
        "admin": {Role.ADMIN},
    }
    asked = {name: people[name].mediator_profile.visibility for name in ("amina", "ben", "chloe")}
    assert asked == {"amina": "directories", "ben": "private", "chloe": ""}
    assert people["rosa"].vetting.state == "vetted"
    of_rosa = Appointment.objects.filter(reviewer=people["rosa"], state=AppointmentState.ACCEPTED)
    assert {appointment.mediator.name for appointment in of_rosa} >= {"Amina Okafor"}


def test_the_password_of_the_demo_opens_every_account(people: dict[str, User]) -> None:
    for person in people.values():
        client = Client()
        sign_in(client, person, PASSWORD)
        assert person_at(client) == person


def test_on_a_database_that_holds_anyone_it_does_nothing(capsys) -> None:
    mine = make_mediator(email="amina@example.org", name="The real Amina")
    before = User.objects.values().get()
    assert not load_demo()
    assert User.objects.values().get() == before
    assert (mine.name, Appointment.objects.count()) == ("The real Amina", 0)
    assert not LogbookEntry.objects.exists()
    out = capsys.readouterr()
    assert (out.out, out.err) == ("", "")


@pytest.mark.long
def test_one_click_signs_anyone_in_as_often_as_they_like(people: dict[str, User]) -> None:
    client = Client(enforce_csrf_checks=True)
    client.get("/accounts/login/")
    for round_number in range(12):
        for person in PEOPLE:
            token = client.cookies["csrftoken"].value
            assert client.post(SIGN_IN, {"person": person.email, "csrfmiddlewaretoken": token}).url == "/"
            if round_number in {0, 11}:
                assert person_at(client).email == person.email


def test_the_buttons_stand_on_the_sign_in_page(people: dict[str, User], client: Client) -> None:
    page = client.get("/accounts/login/").content.decode()
    for person in PEOPLE:
        assert f'value="{person.email}"' in page
    assert "Demo: all people are invented." in page


@pytest.mark.parametrize(
    "person", ["", "noor@example.org", "AMINA@example.org", "amina@example.org\0", "' or 1=1"]
)
def test_nobody_else_is_signed_in_with_one_click(
    person: str, people: dict[str, User], client: Client
) -> None:
    make_mediator(email="noor@example.org")
    assert client.post(SIGN_IN, {"person": person}).status_code == 404
    assert client.get(SIGN_IN).status_code == 405
    assert Client(enforce_csrf_checks=True).post(SIGN_IN, {"person": PEOPLE[0].email}).status_code == 403
    assert person_at(client) is None


def test_a_closed_demo_account_stays_closed(people: dict[str, User], client: Client) -> None:
    User.objects.filter(email="ben@example.org").update(is_active=False)
    assert client.post(SIGN_IN, {"person": "ben@example.org"}).status_code == 404


def test_the_mailbox_shows_every_mail_newest_first(folder, client: Client) -> None:
    assert "No e-mail yet" in client.get("/demo/mailbox/").content.decode()
    subjects = [f"Letter number {number}." for number in range(120)]
    for subject in subjects:
        write(subject, "Hello")
    seen: list[str] = []
    address = "/demo/mailbox/"
    while address:
        page = client.get(address).context["page"]
        seen += [mail.subject for mail in page]
        address = f"/demo/mailbox/?page={page.next_page_number()}" if page.has_next() else ""
    assert seen == subjects[::-1]


def test_mails_are_readable_and_their_links_clickable_but_nothing_else_is(folder, client: Client) -> None:
    write(
        "Grüße <b>an</b> Chloé",
        "See http://localhost:8000/invitation/abc-DEF_1/ and javascript:alert(1)\n<script>alert(1)</script>",
        to='"Chloé <b>" <chloe@example.org>',
        html="<p>See <script>alert(2)</script></p>",
    )
    page = client.get("/demo/mailbox/").content.decode()
    assert "Grüße &lt;b&gt;an&lt;/b&gt; Chloé" in page
    assert 'href="http://localhost:8000/invitation/abc-DEF_1/"' in page
    assert "<script>alert" not in page
    assert 'href="javascript' not in page


@pytest.mark.parametrize("door", ["0", "-1", "x", "999", "1" * 5000, "\0", "1.5", "٣"])
def test_a_page_of_the_mailbox_that_is_none(door: str, folder, client: Client) -> None:
    write("One", "Hello")
    assert client.get("/demo/mailbox/", {"page": door}).status_code == 200


def test_the_code_of_a_sign_up_arrives_in_the_mailbox(folder, client: Client) -> None:
    client.post("/accounts/signup/", SIGN_UP)
    text = client.get("/demo/mailbox/").context["page"][0].text.replace("\r", "")
    client.post("/accounts/confirm-email/", {"code": CODE.search(text)[1]})
    assert person_at(client).email == SIGN_UP["email"]


def test_these_tests_run_in_demo_mode() -> None:
    assert settings.DEMO
