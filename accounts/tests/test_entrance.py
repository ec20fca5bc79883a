"""Signing up, signing in, and choosing a new password: by the pages that people use."""

import time
from typing import ClassVar

import pytest
import time_machine
from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import MD5PasswordHasher
from django.core.exceptions import ValidationError
from django.test import Client

from accounts.choices import Role
from accounts.forms.entrance import SignupForm
from accounts.models import User
from accounts.tests.doors import SIGN_UP, assert_refused, code_in, person_at, seen, sign_in, wrong
from accounts.tests.factories import PASSWORD, make_address, make_mediator, make_person, make_reviewer
from logbook_site.foundation.addresses import validate_can_be_written_to

pytestmark = pytest.mark.django_db
CODE_PAGE = "/accounts/confirm-email/"
ELSEWHERE = ["//evil.example", "/\\evil.example", "https:evil.example", "https://evil.example/"]
ELSEWHERE += [
    "javascript:alert(1)",
    "\\\\evil.example",
    "///evil.example",
    "\x00//evil.example",
    "/\t/evil.example",
]
ELSEWHERE += ["http:///evil.example", "https://localhost@evil.example/", "//[", "https://[evil]/"]


def sign_up(client: Client, **other: str):
    return client.post("/accounts/signup/", SIGN_UP | other)


@pytest.mark.parametrize(("kind", "role"), [("mediator", Role.MEDIATOR), ("reviewer", Role.REVIEWER)])
def test_signing_up_with_the_code_from_the_mail(kind: str, role: Role, client: Client, mailoutbox) -> None:
    response = sign_up(client, kind=kind, name="  Noor\n Haddad ")
    assert response.url == CODE_PAGE
    (mail,) = mailoutbox
    assert mail.to == ["noor@example.org"]
    assert mail.subject == f"{code_in(mail)} is your code for Mediation Logbook"
    assert person_at(client) is None
    assert client.post(CODE_PAGE, {"code": code_in(mail)}).url == "/"
    noor = person_at(client)
    assert (noor.name, noor.email, noor.roles) == ("Noor Haddad", "noor@example.org", {role})
    assert EmailAddress.objects.get(user=noor).verified
    assert hasattr(noor, "mediator_profile") == (role == Role.MEDIATOR)


def test_codes_are_read_however_people_type_them(client: Client, mailoutbox) -> None:
    sign_up(client)
    code = code_in(mailoutbox[0])
    client.post(CODE_PAGE, {"code": f" {code.lower().replace('-', ' ')} "})
    assert person_at(client)


@pytest.mark.parametrize("known", ["noor@example.org", "NOOR@Example.org"])
def test_a_known_address_gets_the_same_answer_and_another_mail(known: str, mailoutbox) -> None:
    make_mediator(email="noor@example.org")
    answers = []
    for email in ("unknown@example.org", known):
        client = Client()
        answer = sign_up(client, email=email)
        pages = [answer, client.get(CODE_PAGE), client.post(CODE_PAGE, {"code": "BBBB-BBBB"})]
        same_length = [seen(page).replace(email.lower(), "").replace(email, "") for page in pages]
        answers.append([answer.status_code, answer.url, *same_length])
    assert answers[0] == answers[1]
    mail = mailoutbox[1]
    assert mail.to == ["noor@example.org"]
    assert "You have an account already" in mail.body
    assert "/accounts/password/reset/" in mail.body
    assert User.objects.filter(email="noor@example.org").count() == 1


class CountedHasher(MD5PasswordHasher):
    """Hashing is what takes its time: whoever can tell whether it was done, knows whether there is an account."""

    algorithm = "counted"
    hashed: ClassVar[list[str]] = []

    def encode(self, password: str, salt: str) -> str:
        self.hashed.append(password)
        return super().encode(password, salt)


def test_a28_signing_up_is_the_same_work_for_a_known_address(settings) -> None:
    make_mediator(email="amina@example.org")
    settings.PASSWORD_HASHERS = [f"{__name__}.CountedHasher"]
    work = {}
    for email in ("amina@example.org", "nobody@example.org"):
        CountedHasher.hashed.clear()
        assert Client().post("/accounts/signup/", SIGN_UP | {"email": email}).status_code == 302
        work[email] = CountedHasher.hashed.copy()
    assert work["amina@example.org"] == work["nobody@example.org"] != []


def test_a_double_click_signs_up_once(client: Client, mailoutbox, monkeypatch) -> None:
    """Both posts have been found to be in order; then the other one is saved first."""
    clean = SignupForm.clean

    def saved_by_the_other(self):
        cleaned = clean(self)
        make_mediator(email=SIGN_UP["email"])
        return cleaned

    monkeypatch.setattr(SignupForm, "clean", saved_by_the_other)
    assert sign_up(client).url == CODE_PAGE
    assert User.objects.count() == 1
    assert "You have an account already" in mailoutbox[0].body


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("name", ""),
        ("name", " \u202e\t "),
        ("name", "N" * 121),
        ("name", "No\0or"),
        ("email", ""),
        ("email", "noor"),
        ("email", "noor@example.org\0"),
        ("email", '"noor\x0bBcc: x"@example.org'),
        ("email", "no\u0131r@example.org"),
        ("email", "n" * 310 + "@example.org"),
        ("password1", "short"),
        ("password1", "password1234"),
        ("password1", "473829104738"),
        ("password1", "noor@example.org"),
        ("password1", ""),
        ("password2", "quiet-harbour-lamp-8"),
        ("kind", "admin"),
        ("kind", "directory"),
        ("kind", ""),
    ],
)
def test_a_refused_sign_up_says_why_and_keeps_what_was_typed(
    field, typed, client: Client, mailoutbox
) -> None:
    other = {field: typed} | ({"password2": typed} if field == "password1" else {})
    page = assert_refused(sign_up(client, **other), field)
    for name in {"name", "email"} - {field}:
        assert f'value="{SIGN_UP[name]}"' in page
    assert PASSWORD not in page
    assert not User.objects.exists()
    assert mailoutbox == []


def test_nobody_signs_up_as_more_than_they_chose(client: Client, mailoutbox) -> None:
    extra = {"is_admin": "1", "is_directory": "on", "roles": "admin", "role": "admin", "add": "admin"}
    extra |= {
        "is_reviewer": "true",
        "is_active": "0",
        "id": "1",
        "user": "1",
        "verified": "1",
        "is_staff": "1",
    }
    sign_up(client, **extra)
    noor = User.objects.get()
    assert (noor.roles, noor.is_active) == ({Role.MEDIATOR}, True)
    assert not EmailAddress.objects.get().verified


def test_three_wrong_codes_and_one_must_start_again(client: Client, mailoutbox) -> None:
    sign_up(client)
    code = code_in(mailoutbox[0])
    for _try in range(2):
        assert_refused(client.post(CODE_PAGE, {"code": wrong(code)}), "code")
    assert client.post(CODE_PAGE, {"code": wrong(code)}).url == "/accounts/login/"
    client.post(CODE_PAGE, {"code": code})
    assert person_at(client) is None


def test_a_code_of_yesterday_opens_nothing(client: Client, mailoutbox) -> None:
    sign_up(client)
    with time_machine.travel(time.time() + 15 * 60 + 1):
        assert client.post(CODE_PAGE, {"code": code_in(mailoutbox[0])}).url == "/accounts/login/"
        assert person_at(client) is None


def test_who_lost_the_code_page_comes_back_by_signing_in(client: Client, mailoutbox) -> None:
    sign_up(client)
    later = Client()
    with time_machine.travel(time.time() + 3600):
        assert (
            later.post("/accounts/login/", {"login": SIGN_UP["email"], "password": PASSWORD}).url == CODE_PAGE
        )
        later.post(CODE_PAGE, {"code": code_in(mailoutbox[-1])})
        assert person_at(later).email == SIGN_UP["email"]


def test_a_new_code_replaces_the_old_one(client: Client, mailoutbox) -> None:
    sign_up(client)
    with time_machine.travel(time.time() + 11):
        assert client.post(CODE_PAGE, {"action": "resend"}).url == CODE_PAGE
    old, new = (code_in(mail) for mail in mailoutbox)
    assert_refused(client.post(CODE_PAGE, {"code": old}), "code")
    client.post(CODE_PAGE, {"code": new})
    assert person_at(client)


def test_a_mail_server_that_is_down_is_told_and_loses_nothing(client: Client, settings, mailoutbox) -> None:
    locmem = settings.EMAIL_BACKEND
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    sign_up(client)
    page = client.get(CODE_PAGE).content.decode()
    assert "We could not send the e-mail just now" in page
    assert "We sent a code" not in page
    assert "Send a new code" in page
    settings.EMAIL_BACKEND = locmem
    with time_machine.travel(time.time() + 60):
        client.post(CODE_PAGE, {"action": "resend"})
        client.post(CODE_PAGE, {"code": code_in(mailoutbox[0])})
    assert person_at(client).name == SIGN_UP["name"]


@pytest.mark.parametrize("door", ["login/code", "password/reset"])
def test_a_mail_server_that_is_down_ends_no_page(door: str, client: Client, settings) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    for email in (make_mediator().email, "unknown@example.org"):
        response = Client().post(f"/accounts/{door}/", {"email": email}, follow=True)
        assert "We could not send the e-mail just now" in response.content.decode()


def test_signing_in_with_the_password(client: Client) -> None:
    amina = make_mediator(password=PASSWORD)
    sign_in(client, amina)
    assert person_at(client) == amina


def test_the_address_may_be_typed_in_capitals(client: Client) -> None:
    amina = make_mediator(email="amina.k@example.org", password=PASSWORD)
    client.post("/accounts/login/", {"login": " Amina.K@EXAMPLE.org ", "password": PASSWORD})
    assert person_at(client) == amina


def test_a_wrong_password_and_an_unknown_address_are_told_the_same() -> None:
    make_mediator(email="known@example.org", password=PASSWORD)
    make_person(email="closed@example.org", password=PASSWORD, is_active=False)
    pages = []
    for email in ("known@example.org", "unknown@example.org", "closed@example.org"):
        response = Client().post("/accounts/login/", {"login": email, "password": "another-word-7"})
        page = assert_refused(response)
        assert "The e-mail address or the password is not right" in page
        assert "another-word-7" not in page
        assert f'value="{email}"' in page
        pages.append(seen(response).replace(email, ""))
    assert len(set(pages)) == 1


@pytest.mark.parametrize(
    ("typed", "field"), [({"login": "x", "password": "y"}, "login"), ({"login": "a@example.org"}, "password")]
)
def test_a_refused_sign_in_names_the_field(typed: dict, field: str, client: Client) -> None:
    assert_refused(client.post("/accounts/login/", typed), field)


def test_a_closed_account_opens_by_nothing(client: Client, mailoutbox) -> None:
    closed = make_person(password=PASSWORD, is_active=False)
    assert sign_in(client, closed).redirect_chain[-1][0] == "/accounts/inactive/"
    assert person_at(client) is None
    for page in ("login/code", "password/reset"):
        client.post(f"/accounts/{page}/", {"email": closed.email})
    assert {mail.subject for mail in mailoutbox} == {"You have no account at Mediation Logbook"}


def test_closing_an_account_ends_its_sign_in(client: Client) -> None:
    amina = make_mediator(password=PASSWORD)
    sign_in(client, amina)
    amina.is_active = False
    amina.save()
    assert person_at(client) is None


def test_signing_in_with_a_mailed_code(client: Client, mailoutbox) -> None:
    rosa = make_reviewer()
    assert client.post("/accounts/login/code/", {"email": rosa.email}).url == "/accounts/login/code/confirm/"
    code = code_in(mailoutbox[0])
    assert_refused(client.post("/accounts/login/code/confirm/", {"code": wrong(code)}), "code")
    client.post("/accounts/login/code/confirm/", {"code": code})
    assert person_at(client) == rosa


def test_a_mailed_code_opens_one_browser_once_and_not_for_long(client: Client, mailoutbox) -> None:
    rosa = make_reviewer()
    client.post("/accounts/login/code/", {"email": rosa.email})
    code = code_in(mailoutbox[0])
    assert Client().post("/accounts/login/code/confirm/", {"code": code}).status_code == 302
    with time_machine.travel(time.time() + 15 * 60 + 1):
        client.post("/accounts/login/code/confirm/", {"code": code})
        assert person_at(client) is None


def test_who_signed_up_with_a_strangers_address_does_not_share_the_account(
    client: Client, mailoutbox
) -> None:
    """Somebody signs up with the address of Noor and a password of their own. Then she comes, by a code."""
    sign_up(Client())
    client.post("/accounts/login/code/", {"email": SIGN_UP["email"]})
    client.post("/accounts/login/code/confirm/", {"code": code_in(mailoutbox[-1])})
    noor = person_at(client)
    assert noor.email == SIGN_UP["email"]
    assert_refused(Client().post("/accounts/login/", {"login": noor.email, "password": PASSWORD}))


def test_a_mailed_code_leaves_the_password_of_a_confirmed_account(client: Client, mailoutbox) -> None:
    amina = make_mediator(password=PASSWORD)
    client.post("/accounts/login/code/", {"email": amina.email})
    client.post("/accounts/login/code/confirm/", {"code": code_in(mailoutbox[-1])})
    other = Client()
    sign_in(other, amina)
    assert person_at(other) == amina


def test_a_new_password_by_a_mailed_code(client: Client, mailoutbox) -> None:
    amina = make_mediator(password=PASSWORD)
    elsewhere = Client()
    sign_in(elsewhere, amina)
    assert client.post("/accounts/password/reset/", {"email": amina.email}).url.endswith("/reset/confirm/")
    assert client.get("/accounts/password/reset/complete/").url == "/accounts/password/reset/confirm/"
    assert_refused(client.post("/accounts/password/reset/confirm/", {"code": "BBBB-BBBB"}), "code")
    client.post("/accounts/password/reset/confirm/", {"code": code_in(mailoutbox[0])})
    new = {"password1": "other-lamp-harbour-8", "password2": "other-lamp-harbour-8"}
    page = assert_refused(
        client.post("/accounts/password/reset/complete/", new | {"password2": "no"}), "password2"
    )
    assert "other-lamp" not in page
    client.post("/accounts/password/reset/complete/", new)
    assert person_at(elsewhere) is None
    assert mailoutbox[-1].subject == "Your password was changed"
    for password, opens in ((PASSWORD, False), ("other-lamp-harbour-8", True)):
        browser = Client()
        sign_in(browser, amina, password)
        assert bool(person_at(browser)) == opens


@pytest.mark.parametrize("door", ["login/code", "password/reset"])
def test_asking_for_a_code_tells_nobody_who_has_an_account(door: str, mailoutbox) -> None:
    make_mediator(email="known@example.org")
    answers = []
    for email in ("known@example.org", "unknown@example.org"):
        client = Client()
        response = client.post(f"/accounts/{door}/", {"email": email})
        shown = client.get(response.url)
        refused = client.post(response.url, {"code": "BBBB-BBBB"})
        answers.append([response.url, *(seen(one).replace(email, "") for one in (response, shown, refused))])
    assert answers[0] == answers[1]
    assert "There is no account for it" in mailoutbox[1].body


def test_letters_that_look_alike_are_not_the_same_address(mailoutbox) -> None:
    make_mediator(email="lisa@example.org")
    make_mediator(email="kim@example.org")
    for typed in ("li\u017fa@example.org", "\u212aim@example.org", "lisa@example.org "):
        for page in ("login/code", "password/reset"):
            Client().post(f"/accounts/{page}/", {"email": typed})
    assert {mail.to[0] for mail in mailoutbox} <= {"lisa@example.org", "kim@example.org"}


def test_every_address_that_the_forms_take_can_be_written_to() -> None:
    for address in (
        '"a b"@example.org',
        '"\x1d"@example.org',
        "\u0131@[127.0.0.1]",
        "paula@[127.0.0.1]",
        f"paula+{'x' * 59}@example.org",  # a letter more than mail servers take
        '"\\:5}\\:"@b\u00fccher.example.org',
    ):
        with pytest.raises(ValidationError):
            validate_can_be_written_to(address)
    validate_can_be_written_to("o'neill+tag@b\u00fccher.example.org")


def test_an_unconfirmed_address_opens_nothing_by_password(client: Client, mailoutbox) -> None:
    person = User.objects.create_user("fay@example.org", PASSWORD, name="Fay")
    make_address(person, person.email, verified=False, primary=True)
    assert sign_in(client, person).redirect_chain[-1][0] == CODE_PAGE
    assert person_at(client) is None


@pytest.mark.parametrize("target", ELSEWHERE)
def test_nobody_is_sent_to_another_site(target: str, mailoutbox) -> None:
    amina = make_mediator(password=PASSWORD)
    stranger, member = Client(), Client()
    where = {"next": target}
    member.force_login(amina, backend="allauth.account.auth_backends.AuthenticationBackend")
    answers = [
        member.get("/accounts/login/", where),
        member.get("/accounts/signup/", where),
        member.post("/accounts/reauthenticate/", where | {"password": PASSWORD}),
        member.get("/accounts/logout/", where, follow=False),
        Client().get("/accounts/logout/", where),
        Client().get("/admin/login/", where, follow=True),
        stranger.post("/accounts/login/", where | {"login": amina.email, "password": PASSWORD}),
        stranger.post("/accounts/logout/", where),
        Client().post("/accounts/password/reset/", where | {"email": amina.email}),
    ]
    newcomer = Client()
    newcomer.post("/accounts/signup/", SIGN_UP | where)
    answers.append(newcomer.post(CODE_PAGE, where | {"code": code_in(mailoutbox[-1])}))
    for answer in answers:
        for url in [
            answer.headers.get("Location", ""),
            *(url for url, _ in getattr(answer, "redirect_chain", [])),
        ]:
            path = url.partition("?")[0]
            assert path.startswith("/") or not path, (url, target)
            assert not path.startswith(("//", "/\\")) and "evil" not in path, (url, target)


def test_a_safe_next_page_is_reached(client: Client) -> None:
    amina = make_mediator(password=PASSWORD)
    client.get("/my-details/")
    where = {"next": "/my-details/", "login": amina.email, "password": PASSWORD}
    assert client.post("/accounts/login/", where).url == "/my-details/"


def test_logging_out_takes_a_button(client: Client) -> None:
    amina = make_mediator(password=PASSWORD)
    sign_in(client, amina)
    assert client.get("/accounts/logout/").status_code == 200
    assert person_at(client) == amina
    assert client.post("/accounts/logout/").url == "/"
    assert person_at(client) is None
