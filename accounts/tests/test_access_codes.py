"""Access codes: made at the desk, entered in Account Settings."""

import csv
import re
from datetime import timedelta

import pytest
import time_machine
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.test import Client

from accounts.choices import Role, Verb
from accounts.models import AccessCode, AccessGrant, AuditEvent, CodeBatch, User
from accounts.services import codes
from accounts.tests.doors import assert_refused
from accounts.tests.factories import make_admin, make_mediator, make_person, signed_in
from accounts.tests.threads import at_once
from logbook_site.foundation import clock

pytestmark = pytest.mark.django_db
ACCESS = "/account-settings/access/"
BATCHES = "/admin/accounts/codebatch/"


@pytest.fixture(autouse=True)
def paid(settings) -> None:
    settings.ACCESS_MODE = "paid"
    cache.clear()


def make_code(**fields) -> str:
    """One code, as people read it."""
    batch = codes.make_codes(batch=CodeBatch(label="Course", **fields), number=1, by=make_admin())
    return codes.spelled(batch.codes.get().code)


def enter(person: User | Client, code: str, **more: str):
    browser = person if isinstance(person, Client) else signed_in(person)
    return browser.post(ACCESS, {"code": code} | more)


def until(person: User):
    return User.objects.get(pk=person.pk).access_until


class TestACode:
    @pytest.mark.parametrize("typed", ["{}", " {} ", "{lower}", "{bare}", "{spaced}", "{dashed}"])
    def test_gives_its_months_however_it_is_typed(self, typed):
        code = make_code(months=6)
        typed = typed.format(
            code, lower=code.lower(), bare=code.replace("-", ""), spaced=code.replace("-", " "),
            dashed=code.replace("-", "\u2013"),
        )  # fmt: skip
        person = make_mediator()
        with time_machine.travel("2026-05-04T10:00:00Z"):
            browser = signed_in(person)
            answer = enter(browser, typed)
            assert (answer.status_code, answer.url) == (302, "/")
            home = browser.get("/").text
        assert until(person).isoformat() == "2026-11-03"
        assert "access is on until" in home
        granted = AuditEvent.objects.get(verb=Verb.ACCESS_GRANTED)
        assert (granted.actor_id, granted.object_id) == (person.pk, str(person.pk))

    def test_is_written_with_letters_that_do_not_look_alike(self):
        code = make_code()
        assert re.fullmatch(r"[A-HJ-NP-Z2-9]{4}(-[A-HJ-NP-Z2-9]{4}){2}", code)

    def test_that_is_unknown_is_refused_beside_the_field_and_kept(self):
        for typed in ("ABCD-EFGH-JKLM", "<b>abcd", "ключ", "-", "x" * 60):
            page = assert_refused(enter(make_mediator(), typed), "code")
            assert "We do not know this code." in page
        assert 'value="&lt;b&gt;abcd"' in enter(make_mediator(), "<b>abcd").text

    @pytest.mark.parametrize("typed", ["", " ", "x" * 61, "A\0B"])
    def test_that_is_none_is_refused(self, typed):
        assert_refused(enter(make_mediator(), typed), "code")

    def test_that_is_used_up_is_refused(self):
        code = make_code(uses_each=2)
        people = [make_mediator() for _person in range(3)]
        assert [enter(person, code).status_code for person in people] == [302, 302, 200]
        page = assert_refused(enter(people[2], code), "code")
        assert "This code is used up." in page
        assert code in page
        assert until(people[2]) is None

    def test_counts_on_its_last_day_and_not_after_it(self):
        today = clock.today()
        code = make_code(uses_each=9, last_day=today)
        assert enter(make_mediator(), code).status_code == 302
        with time_machine.travel(clock.now() + timedelta(days=1)):
            page = assert_refused(enter(make_mediator(), code), "code")
        assert "could be used until" in page

    def test_counts_once_for_each_person(self):
        code, person = make_code(uses_each=9), make_mediator()
        enter(person, code)
        first = until(person)
        page = assert_refused(enter(person, code), "code")
        assert "You used this code on" in page
        assert (until(person), AccessGrant.objects.count()) == (first, 1)
        assert AccessCode.objects.get().uses == 1

    def test_that_was_used_by_somebody_who_left_stays_used(self):
        code, person = make_code(), make_mediator()
        enter(person, code)
        person.delete()
        assert_refused(enter(make_mediator(), code), "code")

    def test_adds_to_what_one_has(self):
        person = make_mediator()
        with time_machine.travel("2026-05-04T10:00:00Z"):
            browser = signed_in(person)
            enter(browser, make_code())
            enter(browser, make_code(months=1))
        assert until(person).isoformat() == "2027-06-03"

    def test_with_the_same_form_key_is_used_once_and_answered_twice(self):
        code, browser = make_code(), signed_in(make_mediator())
        answers = [enter(browser, code, form_key="one") for _press in range(2)]
        assert [(answer.status_code, answer.url) for answer in answers] == [(302, "/")] * 2
        assert AccessGrant.objects.count() == 1


class TestGuessing:
    def test_twenty_wrong_codes_an_hour_then_the_person_rests(self):
        browser = signed_in(make_mediator())
        statuses = [enter(browser, f"ABCD{number}").status_code for number in range(22)]
        assert statuses == [200] * 20 + [429] * 2
        assert enter(make_mediator(), "ABCD").status_code == 200  # nobody else

    def test_what_is_no_guess_is_not_counted(self):
        person, used = make_mediator(), make_code()
        browser = signed_in(person)
        assert enter(browser, used).status_code == 302
        for _try in range(30):
            assert enter(browser, used).status_code == 200
        assert enter(browser, make_code()).status_code == 302


@pytest.mark.django_db(transaction=True)
class TestAtOnce:
    def test_one_of_two_gets_the_last_use(self):
        code = make_code()
        browsers = [signed_in(make_mediator()) for _person in range(8)]
        answers = at_once(*[lambda browser=browser: enter(browser, code).status_code for browser in browsers])
        assert sorted(answers) == [200] * 7 + [302]
        assert (AccessGrant.objects.count(), AccessCode.objects.get().uses) == (1, 1)

    def test_one_person_in_many_windows_uses_it_once(self):
        code, person = make_code(uses_each=100), make_mediator()
        browsers = [signed_in(person) for _window in range(8)]
        answers = at_once(*[lambda browser=browser: enter(browser, code).status_code for browser in browsers])
        assert sorted(answers) == [200] * 7 + [302]
        assert AccessCode.objects.get().uses == 1


class TestWhose:
    def test_in_open_mode_the_address_does_not_exist(self, settings):
        settings.ACCESS_MODE = "open"
        browser = signed_in(make_mediator())
        for method in ("get", "post", "put", "delete"):
            assert getattr(browser, method)(ACCESS).status_code == 404, method
        assert "ccess until" not in browser.get("/account-settings/").text
        assert ACCESS not in browser.get("/account-settings/").text + browser.get("/").text

    @pytest.mark.parametrize("role", [None, Role.REVIEWER, Role.DIRECTORY, Role.ADMIN])
    def test_only_mediators_have_to_do_with_it(self, role):
        browser = signed_in(make_person(*[role] if role else []))
        assert browser.get(ACCESS).status_code == 404
        assert enter(browser, make_code()).status_code == 404
        assert ACCESS not in browser.get("/account-settings/").text
        assert not AccessGrant.objects.exists()

    def test_strangers_sign_in_first(self, client):
        assert client.post(ACCESS, {"code": make_code()}).url == f"/accounts/login/?next={ACCESS}"

    def test_each_sees_only_their_own_history(self):
        ann, bob = make_mediator(), make_mediator()
        with time_machine.travel("2026-01-02T10:00:00Z"):
            enter(ann, make_code(months=7))
        with time_machine.travel("2026-03-04T10:00:00Z"):
            enter(bob, make_code(months=5))
        for person, own, other in ((ann, "7 months", "5 months"), (bob, "5 months", "7 months")):
            for path in (ACCESS, "/account-settings/"):
                page = signed_in(person).get(path).text
                assert f"{own}, by a code" in page
                assert other not in page


class TestAtTheDesk:
    FORM = {"label": "Course in spring", "number": "3", "months": "6", "uses_each": "2", "last_day": ""}

    def make(self, admin=None, **fields: str):
        return signed_in(admin or make_admin()).post(f"{BATCHES}add/", self.FORM | fields)

    def test_a_batch_is_made_read_and_used(self):
        admin = make_admin()
        answer = self.make(admin)
        batch = CodeBatch.objects.get()
        assert (answer.status_code, answer.url) == (302, f"{BATCHES}{batch.pk}/change/")
        desk = signed_in(admin)
        page = desk.get(answer.url).text
        file = re.search(rf'href="({BATCHES}{batch.pk}/codes/)"', page)[1]
        listed = re.search(r'href="(/admin/accounts/accesscode/\?[^"]+)"', page)[1]
        rows = list(csv.reader(b"".join(desk.get(file)).decode("utf-8-sig").splitlines()))
        assert rows[0] == ["Access code", "Uses"]
        shown = {code for code, _uses in rows[1:]}
        assert len(shown) == 3
        assert {codes.spelled(code) for code in AccessCode.objects.values_list("code", flat=True)} == shown
        assert all(code in desk.get(listed).text for code in shown)
        one = sorted(shown)[0]
        assert enter(make_mediator(), one).status_code == 302
        assert [one, "1"] in list(csv.reader(b"".join(desk.get(file)).decode("utf-8-sig").splitlines()))
        found = desk.get("/admin/accounts/accesscode/", {"q": one.lower()}).text
        assert [code for code in shown if code in found] == [one]
        made = AuditEvent.objects.get(verb=Verb.CODES_MADE)
        assert (made.actor_id, made.object_id, made.reason) == (
            admin.pk,
            str(batch.pk),
            "3 codes, 6 months each",
        )

    def test_a_thousand_codes_differ(self):
        self.make(number="1000")
        assert AccessCode.objects.count() == 1000

    def test_what_cannot_be_is_refused(self):
        yesterday = (clock.today() - timedelta(days=1)).isoformat()
        for wrong in [
            {"number": "0"}, {"number": "1001"}, {"number": "x"}, {"months": "0"}, {"months": "121"},
            {"uses_each": "0"}, {"uses_each": "99999999999"}, {"label": " "}, {"last_day": yesterday},
        ]:  # fmt: skip
            answer = self.make(**wrong)
            assert answer.status_code == 200, wrong
            assert answer.context["adminform"].form.errors, wrong
        assert not CodeBatch.objects.exists()

    def test_a_batch_can_be_switched_off(self):
        admin = make_admin()
        self.make(admin, uses_each="9")
        batch, desk = CodeBatch.objects.get(), signed_in(admin)
        code = batch.codes.first().code
        person = make_mediator()
        enter(person, code)
        desk.post(f"{BATCHES}{batch.pk}/change/", {"label": "Evil", "months": "99"})
        batch.refresh_from_db()
        assert (batch.label, batch.months, batch.last_day) == ("Course in spring", 6, None)
        desk.post(f"{BATCHES}{batch.pk}/change/", {"switch_off": "on"})
        assert_refused(enter(make_mediator(), code), "code")
        assert until(person)
        assert AuditEvent.objects.get(verb=Verb.CODES_ENDED).actor_id == admin.pk

    def test_nobody_else_makes_or_reads_codes(self):
        self.make()
        batch = CodeBatch.objects.get()
        for role in (None, Role.MEDIATOR, Role.REVIEWER, Role.DIRECTORY):
            person = make_person(*[role] if role else [])
            for path in (
                BATCHES,
                f"{BATCHES}add/",
                f"{BATCHES}{batch.pk}/codes/",
                "/admin/accounts/accesscode/",
            ):
                assert signed_in(person).get(path).status_code == 404
            with pytest.raises(PermissionDenied):
                codes.make_codes(batch=CodeBatch(label="x"), number=1, by=person)
            with pytest.raises(PermissionDenied):
                codes.switch_off(batch=batch, by=person)
        desk = signed_in(make_admin())
        assert desk.post(f"{BATCHES}{batch.pk}/delete/", {"post": "yes"}).status_code == 403
        assert CodeBatch.objects.count() == 1
