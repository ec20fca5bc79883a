"""Account Settings and the pages behind it: name and zone, e-mail address, password, sign-ins, roles."""

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib.auth.hashers import MD5PasswordHasher
from django.forms.models import model_to_dict
from django.test import Client

from accounts.choices import Role
from accounts.middleware import SIGNED_IN_AT
from accounts.models import AuditEvent, MediatorProfile, User
from accounts.tests.doors import assert_refused, code_in, person_at, proves_who, seen, sign_in
from accounts.tests.factories import PASSWORD, make_mediator, make_person, make_reviewer, signed_in
from logbook_site.foundation import clock

pytestmark = pytest.mark.django_db
PAGE = "/account-settings/"
ROLES = "/account-settings/roles/"
MORE = {"is_admin": "1", "is_directory": "on", "is_active": "", "email": "x@example.org", "roles": "admin"}
MORE |= {
    "role": "admin",
    "add": "admin",
    "id": "4711",
    "password": "x",
    "is_staff": "1",
    "joined_at": "2001-01-01",
}


def row(person: User) -> dict:
    return User.objects.filter(pk=person.pk).values().get()


@pytest.fixture
def rosa() -> User:
    return make_reviewer(password=PASSWORD, name="Rosa")


@pytest.fixture
def here(client: Client, rosa: User) -> Client:
    sign_in(client, rosa)
    return client


def test_name_and_time_zone(here: Client, rosa: User) -> None:
    answer = here.post(PAGE, {"name": " Rosa \n Lindqvist ", "time_zone": "Europe/Stockholm"}, follow=True)
    assert answer.redirect_chain == [(PAGE, 302)]
    assert "Your settings are saved." in answer.content.decode()
    rosa.refresh_from_db()
    assert (rosa.name, rosa.time_zone) == ("Rosa Lindqvist", "Europe/Stockholm")


@pytest.mark.parametrize(
    "name",
    [
        "",
        "   ",
        "\u202e",
        "R" * 121,
        "Ro\0sa",
        "shop.example",
        "<b>Rosa",
        "\u3164",
        "\u2800",
        "\u200b",
        "\u0301",
        ".",
    ],
)
def test_a_name_that_is_none(name: str, here: Client, rosa: User) -> None:
    before = row(rosa)
    page = assert_refused(here.post(PAGE, {"name": name, "time_zone": "Asia/Tokyo"}), "name")
    assert 'value="Asia/Tokyo" selected' in page
    assert "Signed in as <bdi>Rosa</bdi>" in page
    assert row(rosa) == before


@pytest.mark.parametrize(
    "zone", ["", "Mars/Phobos", "../etc/passwd", "/UTC", "Factory", "localtime", "utc", "UTC\0", "posix/UTC"]
)
def test_a_time_zone_that_is_none(zone: str, here: Client, rosa: User) -> None:
    page = assert_refused(here.post(PAGE, {"name": "Rosa Maria", "time_zone": zone}), "time_zone")
    assert 'value="Rosa Maria"' in page
    rosa.refresh_from_db()
    assert (rosa.name, rosa.time_zone) == ("Rosa", "UTC")


def test_a_post_without_any_field_is_refused(here: Client) -> None:
    assert_refused(here.post(PAGE), "name", "time_zone")


def test_more_fields_than_the_form_has_change_nothing_more(here: Client, rosa: User) -> None:
    before = row(rosa)
    here.post(PAGE, MORE | {"name": "Rosa M.", "time_zone": "UTC"})
    assert row(rosa) == before | {"name": "Rosa M."}


def test_a_reviewer_adds_the_role_of_mediator(here: Client, rosa: User) -> None:
    assert "Add the role of mediator" in here.get(PAGE).content.decode()
    before = row(rosa)
    assert here.post(ROLES, {"add": "mediator", "is_admin": "1", "to": "someone"}).url == "/"
    assert row(rosa) == before | {"is_mediator": True}
    assert MediatorProfile.objects.filter(person=rosa).exists()
    assert "Add the role of mediator" not in here.get(PAGE).content.decode()
    here.post(ROLES, {"add": "mediator"})
    assert AuditEvent.objects.filter(verb="role_added", reason="mediator", actor_id=rosa.pk).count() == 1


@pytest.mark.parametrize("role", ["admin", "directory", "reviewer", "", "Mediator", "mediator\0", "is_admin"])
def test_no_other_role_can_be_added(role: str, here: Client, rosa: User) -> None:
    before = row(rosa)
    page = here.post(ROLES, {"add": role})
    assert page.status_code == 200
    assert "<title>Error: " in page.content.decode()
    assert "This role cannot be added here." in page.content.decode()
    assert row(rosa) == before


def test_a_form_sent_twice_has_one_effect_and_one_answer(here: Client, rosa: User) -> None:
    form = {"name": "Rosa One", "time_zone": "UTC", "form_key": "k" * 16}
    first = here.post(PAGE, form)
    second = here.post(PAGE, form | {"name": "Rosa Two"})
    assert (first.url, second.url) == (PAGE, PAGE)
    assert row(rosa)["name"] == "Rosa One"


def test_a_refused_form_gives_its_key_back(here: Client, rosa: User) -> None:
    assert_refused(here.post(PAGE, {"name": "", "time_zone": "UTC", "form_key": "one"}), "name")
    here.post(PAGE, {"name": "Rosa One", "time_zone": "UTC", "form_key": "one"})
    assert row(rosa)["name"] == "Rosa One"


def test_the_key_of_somebody_else_is_another_key(here: Client, rosa: User) -> None:
    ben = make_mediator()
    for client in (signed_in(ben), here):
        client.post(PAGE, {"name": "Same Key", "time_zone": "UTC", "form_key": "one"})
    assert (row(ben)["name"], row(rosa)["name"]) == ("Same Key", "Same Key")


@pytest.mark.parametrize("key", ["\0", "k" * 10_000, "\U0001f511", "'; --"])
def test_an_odd_key_is_only_a_key(key: str, here: Client, rosa: User) -> None:
    here.post(PAGE, {"name": "Rosa One", "time_zone": "UTC", "form_key": key})
    assert row(rosa)["name"] == "Rosa One"


def test_a_form_with_a_key_may_first_ask_who_it_is(here: Client) -> None:
    form = {"email": "new@example.org", "action_add": "", "form_key": "one"}
    assert here.post("/accounts/email/", form).url.startswith("/accounts/reauthenticate/?next=")
    assert here.post("/accounts/email/", form).url.startswith("/accounts/reauthenticate/?next=")
    proves_who(here)
    assert here.post("/accounts/email/", form).url == "/accounts/confirm-email/"


def test_a_new_address_counts_once_its_code_is_entered(here: Client, rosa: User, mailoutbox) -> None:
    old = rosa.email
    answer = here.post("/accounts/email/", {"email": "Rosa.New@example.org", "action_add": ""})
    here.post(answer.url, {"password": PASSWORD})
    (mail,) = mailoutbox
    assert mail.to == ["rosa.new@example.org"]
    assert row(rosa)["email"] == old
    assert_refused(here.post("/accounts/confirm-email/", {"code": "BBBB-BBBB"}), "code")
    here.post("/accounts/confirm-email/", {"code": code_in(mail)})
    assert row(rosa)["email"] == "rosa.new@example.org"
    (address,) = EmailAddress.objects.filter(user=rosa)
    assert (address.email, address.verified, address.primary) == ("rosa.new@example.org", True, True)
    told = mailoutbox[-1]
    assert told.to == [old]
    assert old in told.body
    assert "rosa.new@example.org" in told.body
    assert person_at(here) == rosa


@pytest.mark.parametrize("is_entered", [False, True])
@pytest.mark.parametrize("door", ["login/code", "password/reset"])
def test_codes_at_the_old_address_open_nothing_afterwards(
    door: str, is_entered: bool, here: Client, rosa: User, mailoutbox
) -> None:
    """Somebody who reads the old mailbox asked for one in time, and waits with it: entered already, or not."""
    elsewhere, new = Client(), "other-lamp-harbour-8"
    page = elsewhere.post(f"/accounts/{door}/", {"email": rosa.email}).url
    code = code_in(mailoutbox[-1])
    if is_entered and door == "password/reset":
        elsewhere.post(page, {"code": code})
    proves_who(here)
    here.post("/accounts/email/", {"email": "new@example.org", "action_add": ""})
    here.post("/accounts/confirm-email/", {"code": code_in(mailoutbox[-1])})
    assert row(rosa)["email"] == "new@example.org"
    elsewhere.post(page, {"code": code})
    elsewhere.post("/accounts/password/reset/complete/", {"password1": new, "password2": new})
    assert person_at(elsewhere) is None
    assert User.objects.get(pk=rosa.pk).check_password(PASSWORD)
    assert person_at(here) == rosa


@pytest.mark.parametrize("typed", ["", "rosa", '"a b"@example.org', "own", "x" * 400 + "@example.org"])
def test_a_new_address_that_is_none(typed: str, here: Client, rosa: User, mailoutbox) -> None:
    proves_who(here)
    typed = rosa.email if typed == "own" else typed
    assert_refused(here.post("/accounts/email/", {"email": typed, "action_add": ""}), "email")
    assert mailoutbox == []


def test_an_address_that_is_taken_is_told_to_its_owner_only(here: Client, rosa: User, mailoutbox) -> None:
    make_mediator(email="taken@example.org")
    proves_who(here)
    answers = []
    for email in ("taken@example.org", "free@example.org"):
        answer = here.post("/accounts/email/", {"email": email, "action_add": ""})
        answers.append((answer.url, seen(here.get(answer.url)).replace(email, "")))
    assert answers[0] == answers[1]
    here.post("/accounts/email/", {"email": "taken@example.org", "action_add": ""})
    for mail in mailoutbox:
        if mail.to == ["taken@example.org"] and "    " in mail.body:
            here.post("/accounts/confirm-email/", {"code": code_in(mail)})
    assert row(rosa)["email"] == rosa.email


def test_an_address_that_somebody_took_meanwhile(here: Client, rosa: User, mailoutbox) -> None:
    proves_who(here)
    here.post("/accounts/email/", {"email": "late@example.org", "action_add": ""})
    make_mediator(email="late@example.org")
    page = assert_refused(here.post("/accounts/confirm-email/", {"code": code_in(mailoutbox[0])}), "code")
    assert "This e-mail address cannot be used" in page
    assert row(rosa)["email"] == rosa.email


def test_nobody_removes_or_confirms_the_address_of_a_colleague(here: Client, rosa: User) -> None:
    ben = make_mediator()
    proves_who(here)
    before = list(EmailAddress.objects.order_by("pk").values())
    for action in ("action_remove", "action_primary", "action_send"):
        here.post("/accounts/email/", {"email": ben.email, action: ""})
    here.post("/accounts/email/", {"email": rosa.email, "action_remove": ""})
    assert list(EmailAddress.objects.order_by("pk").values()) == before


def test_a_new_password_ends_all_other_sign_ins(here: Client, rosa: User, mailoutbox) -> None:
    other = Client()
    sign_in(other, rosa)
    new = "other-lamp-harbour-8"
    answer = here.post(
        "/accounts/password/change/", {"oldpassword": PASSWORD, "password1": new, "password2": new}
    )
    assert answer.status_code == 302
    assert person_at(here) == rosa
    assert here.get(PAGE).status_code == 200
    assert person_at(other) is None
    assert mailoutbox[-1].to == [rosa.email]
    assert "password" in mailoutbox[-1].subject
    for password, opens in ((PASSWORD, False), (new, True)):
        third = Client()
        sign_in(third, rosa, password)
        assert bool(person_at(third)) == opens


class HasherDuringWhichAnAdminActs(MD5PasswordHasher):
    """A real one takes half a second."""

    algorithm = "slow"

    def encode(self, *args) -> str:
        User.objects.update(is_active=False, is_reviewer=False, deletion_due_at=clock.now())
        return super().encode(*args)


def test_a_new_password_brings_back_nothing_that_was_taken_away_meanwhile(
    here: Client, rosa: User, settings
) -> None:
    settings.PASSWORD_HASHERS = [f"{__name__}.HasherDuringWhichAnAdminActs", *settings.PASSWORD_HASHERS]
    new = "other-lamp-harbour-8"
    here.post("/accounts/password/change/", {"oldpassword": PASSWORD, "password1": new, "password2": new})
    rosa.refresh_from_db()
    assert rosa.password.startswith("slow$")
    assert (rosa.is_active, rosa.is_reviewer, rosa.is_leaving) == (False, False, True)


@pytest.mark.parametrize(
    ("field", "other"),
    [
        ("oldpassword", {"oldpassword": "wrong-words-9"}),
        ("password1", {"password1": "short", "password2": "short"}),
        ("password2", {"password2": "not-the-same-words"}),
    ],
)
def test_a_new_password_that_is_refused(field: str, other: dict, here: Client, rosa: User) -> None:
    new = {"oldpassword": PASSWORD, "password1": "other-lamp-harbour-8", "password2": "other-lamp-harbour-8"}
    page = assert_refused(here.post("/accounts/password/change/", new | other), field)
    assert "lamp" not in page
    rosa.refresh_from_db()
    assert rosa.check_password(PASSWORD)


def test_who_has_no_password_sets_one(mailoutbox) -> None:
    fay = make_mediator()
    client = signed_in(fay)
    assert client.get("/accounts/password/change/").url == "/accounts/password/set/"
    assert_refused(
        client.post("/accounts/password/set/", {"password1": "short", "password2": "short"}), "password1"
    )
    client.post("/accounts/password/set/", {"password1": PASSWORD, "password2": PASSWORD})
    fay.refresh_from_db()
    assert fay.check_password(PASSWORD)
    assert person_at(client) == fay


def test_sign_ins_elsewhere_are_listed_and_ended(here: Client, rosa: User) -> None:
    phone, stranger = Client(headers={"user-agent": "Mozilla/5.0 (iPhone) <b>x"}), Client()
    sign_in(phone, rosa)
    ben = make_mediator(password=PASSWORD)
    sign_in(stranger, ben)
    page = here.get("/accounts/sessions/").content.decode()
    assert page.count("<tr") == 3, "a heading and two sign-ins"
    assert "<b>x" not in page
    here.post("/accounts/sessions/", {"session": "1", "user": str(ben.pk)})
    assert person_at(phone) is None
    assert person_at(here) == rosa
    assert person_at(stranger) == ben


@pytest.mark.parametrize("role", [None, *Role])
def test_everybody_who_is_signed_in_has_settings(role: Role | None) -> None:
    client = signed_in(make_person(*[role] if role else []))
    for path in (PAGE, "/accounts/email/", "/accounts/sessions/", "/accounts/2fa/"):
        assert client.get(path).status_code == 200
    assert client.get(ROLES).status_code == 405
    for path in (PAGE, ROLES, "/accounts/email/"):
        assert Client().get(path).url == f"/accounts/login/?next={path}"
        assert Client().post(path).url == f"/accounts/login/?next={path}"


def test_the_whole_row_stays_when_nothing_is_changed(here: Client, rosa: User) -> None:
    before = row(rosa) | model_to_dict(EmailAddress.objects.get(user=rosa))
    for path in (PAGE, ROLES, "/accounts/email/", "/accounts/sessions/", "/accounts/2fa/"):
        here.get(path, MORE)
        here.put(path, MORE)
    assert row(rosa) | model_to_dict(EmailAddress.objects.get(user=rosa)) == before


@pytest.mark.parametrize(
    ("address", "typed"),
    [
        (
            "/accounts/password/set/",
            {"password1": "quiet-harbour-lamp-8", "password2": "quiet-harbour-lamp-8"},
        ),
        ("/accounts/email/", {"email": "thief@example.org", "action_add": ""}),
        ("/accounts/2fa/webauthn/add/", {}),
        ("/accounts/2fa/totp/activate/", {}),
    ],
)
def test_at_an_open_browser_of_somebody_without_a_password_nobody_adds_a_way_in(
    address: str, typed: dict, mailoutbox
) -> None:
    """They sign in with mailed codes: that they are asked for once more, as others for their password."""
    person = make_mediator()
    browser = signed_in(person)
    session = browser.session
    session[SIGNED_IN_AT] -= 301
    session.save()
    assert browser.post(address, typed).url == f"/accounts/login/?next={address}"
    assert "Sign in once more" in browser.get(f"/accounts/login/?next={address}").text
    assert mailoutbox == []
    assert not User.objects.get(pk=person.pk).has_usable_password()
    assert signed_in(person).get(address).status_code == 200
    with_password = make_mediator(password=PASSWORD)
    assert signed_in(with_password).get("/accounts/email/").status_code == 200


@pytest.mark.parametrize("kind", [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN])
def test_nor_does_anybody_add_a_password_who_cannot_show_the_second_factor(kind: str) -> None:
    """allauth asks on its other pages, but not on this one; and with a password one could show anything."""
    person = make_mediator()
    Authenticator.objects.create(user=person, type=kind, data={})
    browser = signed_in(person)
    session = browser.session
    session[SIGNED_IN_AT] -= 301
    session["account_authentication_methods"] = []
    session.save()
    address, typed = (
        "/accounts/password/set/",
        {"password1": "quiet-harbour-lamp-8", "password2": "quiet-harbour-lamp-8"},
    )
    assert "/reauthenticate/" in browser.get(address).url
    assert browser.post(address, typed).url == address
    assert not User.objects.get(pk=person.pk).has_usable_password()
    assert "quiet-harbour" not in str(dict(browser.session))
