"""What an admin does for one person: a page that says what will happen, a post, the trail; what the person finds."""

import re

import pytest
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.core import mail
from django.core.cache import cache
from django.test import Client

from accounts.choices import Role
from accounts.models import AuditEvent, NameWord, User
from accounts.services import outbox
from accounts.tests.doors import SIGN_UP, code_in, person_at, sign_in
from accounts.tests.factories import (
    PASSWORD,
    make_admin,
    make_mediator,
    make_open_mediator,
    make_person,
    signed_in,
)
from feedback.services.contacts import contact_of
from feedback.tests.factories import make_request
from logbook_site.desk.steps import STEPS
from logbook_site.desk.tests.doors import PEOPLE, page_about

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def mailbox(settings) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"


def delivered() -> list:
    before = len(mail.outbox)
    outbox.deliver_due()
    return mail.outbox[before:]


def trail(person: User) -> list[tuple[str, str]]:
    events = AuditEvent.objects.filter(object_id=str(person.pk), actor_id__isnull=False)
    events = events.exclude(actor_id=person.pk).order_by("at", "id")
    return list(events.values_list("verb", "reason"))


def steps_offered(desk: Client, person: User) -> set[str]:
    return {step.name for step in desk.get(page_about(person)).context["steps"]}


def take(desk: Client, person: User, step: str, **form: str) -> str:
    """Reads the page, then presses its button: what is said afterwards."""
    address = f"{page_about(person)}{step}/"
    before = list(AuditEvent.objects.values_list("pk"))
    assert desk.get(address).status_code == 200
    assert list(AuditEvent.objects.values_list("pk")) == before, "a look changes nothing"
    answer = desk.post(address, form, follow=True)
    assert answer.redirect_chain == [(page_about(person), 302)], answer.text[-3000:]
    return answer.text


class TestClosing:
    def test_signs_out_at_once_takes_the_name_from_directories_and_says_whom_to_write_to(self, settings):
        settings.SUPPORT_EMAIL = "help@example.org"
        admin, amina = make_admin(), make_open_mediator(name="Amina Okafor", password=PASSWORD)
        desk, phone, laptop = signed_in(admin), Client(), signed_in(amina)
        sign_in(phone, amina)
        link = f"/give-feedback/{contact_of(make_request(amina)).token}/"
        assert NameWord.objects.filter(person=amina).exists()
        assert "The account is closed." in take(desk, amina, "close")
        assert person_at(phone) is None
        assert person_at(laptop) is None
        assert not UserSession.objects.filter(user=amina).exists()
        assert Session.objects.count() == 1, "that of the admin"
        assert not NameWord.objects.filter(person=amina).exists()
        assert Client().get(link).status_code == 410
        page = sign_in(Client(), amina)
        assert page.redirect_chain[-1][0] == "/accounts/inactive/"
        assert "mailto:help@example.org" in page.text
        assert trail(amina) == [("person_changed_by_admin", "deactivated")]

        assert "The account is open." in take(desk, amina, "open")
        assert person_at(phone) is None, "an old sign-in is not alive again"
        assert person_at(laptop) is None
        assert NameWord.objects.filter(person=amina).exists()
        assert Client().get(link).status_code == 200
        sign_in(phone, amina)
        assert person_at(phone) == amina
        assert trail(amina)[1:] == [("person_changed_by_admin", "activated")]

    def test_by_the_form_of_the_admin_is_the_same(self):
        desk, amina = signed_in(make_admin()), make_mediator()
        browser = signed_in(amina)
        form = {"name": amina.name, "time_zone": "UTC", "is_mediator": "on"}
        assert desk.post(f"{PEOPLE}{amina.pk}/change/", form).status_code == 302
        assert person_at(browser) is None
        assert Session.objects.count() == 1

    def test_nobody_closes_their_own_account_nor_takes_the_last_admin_away(self):
        admin = make_admin()
        desk = signed_in(admin)
        make_admin(is_active=False)
        assert steps_offered(desk, admin) == set()
        for step in ("close", "second-factor", "code"):
            assert desk.post(f"{page_about(admin)}{step}/").status_code == 302
        form = {"name": admin.name, "time_zone": "UTC"}
        change = f"{PEOPLE}{admin.pk}/change/"
        assert "This is your own account." in desk.post(change, form | {"is_admin": "on"}).text
        assert "This is the last admin." in desk.post(change, form | {"is_active": "on"}).text
        admin.refresh_from_db()
        assert (admin.is_active, admin.is_admin) == (True, True)
        assert person_at(desk) == admin
        assert trail(admin) == []

    def test_one_of_two_admins_may_go(self):
        admin, other = make_admin(), make_admin()
        desk = signed_in(admin)
        take(desk, other, "close")
        other.refresh_from_db()
        assert not other.is_active
        assert (
            "This is the last admin."
            in desk.post(
                f"{PEOPLE}{admin.pk}/change/", {"name": "x", "time_zone": "UTC", "is_active": "on"}
            ).text
        )


class TestFirstCode:
    def test_the_mail_leads_to_a_new_code_which_opens_the_account(self):
        Client().post("/accounts/signup/", SIGN_UP)
        lost_code = code_in(mail.outbox[-1])
        noor = User.objects.get(email=SIGN_UP["email"])
        desk = signed_in(make_admin())
        assert "code" in steps_offered(desk, noor)
        assert "cannot send it again" not in desk.get(page_about(noor)).text
        assert "nobody can send it again" in desk.get(f"{page_about(noor)}code/").text
        assert "on its way" in take(desk, noor, "code")
        (letter,) = delivered()
        assert letter.to == ["noor@example.org"]
        assert lost_code not in letter.body
        path = re.search(r"http://[^/]+(/\S+)", letter.body)[1]
        phone = Client()
        assert phone.get(path).status_code == 200
        cache.clear()  # a code a moment ago is too soon for the next one
        sent_before = len(mail.outbox)
        answer = phone.post(path, {"login": SIGN_UP["email"], "password": SIGN_UP["password1"]})
        assert answer.url == "/accounts/confirm-email/"
        assert len(mail.outbox) == sent_before + 1, "a new code comes at once"
        assert phone.post(answer.url, {"code": code_in(mail.outbox[-1])}).status_code == 302
        assert person_at(phone) == noor
        assert "code" not in steps_offered(desk, noor)
        assert trail(noor)[-1] == ("person_changed_by_admin", "way to a new code sent")

    def test_who_has_confirmed_meanwhile_gets_no_mail(self):
        ina = User.objects.create_user("ina@example.org", name="Ina")
        take(signed_in(make_admin()), ina, "code")
        ina.emailaddress_set.create(email=ina.email, verified=True, primary=True)
        assert delivered() == []

    def test_a_double_click_sends_one_mail(self):
        ina = User.objects.create_user("ina@example.org", name="Ina")
        desk = signed_in(make_admin())
        for _time in range(2):
            desk.post(f"{page_about(ina)}code/", {"form_key": "same"})
        assert len(delivered()) == 1


class TestSecondFactor:
    def test_is_forgotten_everywhere_and_the_person_is_told(self):
        amina = make_mediator(password=PASSWORD)
        for kind in ("totp", "recovery_codes", "webauthn"):
            Authenticator.objects.create(user=amina, type=kind, data={})
        phone, desk = signed_in(amina), signed_in(make_admin())
        assert "is reset" in take(desk, amina, "second-factor")
        assert not Authenticator.objects.filter(user=amina).exists()
        assert person_at(phone) is None
        (letter,) = delivered()
        assert letter.to == [amina.email]
        assert trail(amina) == [("second_factor_reset", "")]
        sign_in(phone, amina)
        assert person_at(phone) == amina
        assert "second-factor" not in steps_offered(desk, amina)

    def test_of_others_stays(self):
        amina, ben = make_mediator(), make_mediator()
        for person in (amina, ben):
            Authenticator.objects.create(user=person, type="totp", data={})
        browser = signed_in(ben)
        take(signed_in(make_admin()), amina, "second-factor")
        assert Authenticator.objects.get().user == ben
        assert person_at(browser) == ben


class TestAccess:
    def test_is_given_by_months_and_ended(self, settings):
        settings.ACCESS_MODE = "paid"
        desk, amina = signed_in(make_admin()), make_mediator()
        for months in ("0", "121", "x", ""):
            refused = desk.post(f"{page_about(amina)}access/", {"months": months})
            assert refused.status_code == 200
            assert 'aria-invalid="true"' in refused.text
        assert "end-access" not in steps_offered(desk, amina)
        take(desk, amina, "access", months="3")
        amina.refresh_from_db()
        assert amina.access_until is not None
        take(desk, amina, "end-access")
        amina.refresh_from_db()
        assert amina.access_until is None
        assert trail(amina) == [("access_granted", "3 months, admin"), ("access_ended", "")]

    def test_only_mediators_need_any(self):
        desk = signed_in(make_admin())
        for role in (Role.REVIEWER, Role.DIRECTORY, Role.ADMIN):
            assert "access" not in steps_offered(desk, make_person(role))


def test_every_step_without_a_reason_to_take_it_changes_nothing() -> None:
    """A page that was open too long, or an address typed by hand."""
    desk = signed_in(make_admin())
    person = make_person(is_active=False)
    for step in STEPS:
        if step.name == "open":
            continue
        answer = desk.post(f"{page_about(person)}{step.name}/", {"months": "12"}, follow=True)
        assert "nothing to do here" in answer.text
    assert trail(person) == []
    assert desk.get(f"{page_about(person)}burn/").status_code == 404
    for method in ("put", "delete", "patch"):
        assert getattr(desk, method)(f"{page_about(person)}open/").status_code == 405
