"""A form that is sent twice has one effect and one answer."""

import pytest
from django.test import Client

from accounts.choices import Verb
from accounts.models import Appointment, AuditEvent, FormKey, User
from accounts.tests.factories import make_appointment, make_mediator, make_person, make_reviewer, signed_in
from accounts.tests.threads import at_once

ADDRESS = "/account-settings/"


def post(client, key: str, name: str, address: str = ADDRESS):
    return client.post(address, {"name": name, "time_zone": "UTC", "form_key": key})


def name_of(person: User) -> str:
    person.refresh_from_db()
    return person.name


@pytest.mark.django_db
class TestOnePersonAfterTheOther:
    def test_the_second_post_has_no_effect_and_the_same_answer(self):
        person = make_person()
        client = signed_in(person)
        first = post(client, "one", "First Name")
        second = post(client, "one", "Second Name")
        assert (first.status_code, first.url) == (second.status_code, second.url) == (302, ADDRESS)
        assert name_of(person) == "First Name"

    def test_another_key_is_another_form(self):
        person = make_person()
        client = signed_in(person)
        post(client, "one", "First Name")
        post(client, "two", "Second Name")
        assert name_of(person) == "Second Name"

    def test_another_button_of_the_same_page_is_another_form(self):
        mediator, reviewer = make_mediator(), make_reviewer(vetted=True)
        make_appointment(mediator, reviewer)
        client, page = signed_in(mediator), "/my-details/reviewer/"
        invite = {"form_key": "one", "action": "invite", "invite_email": "judge@example.org"}
        assert client.post(page, invite).status_code == 302
        assert client.post(page, {"form_key": "one", "action": "end"}).status_code == 302
        assert not Appointment.objects.reading(reviewer).exists()

    def test_without_a_key_each_post_counts(self):
        person = make_person()
        client = signed_in(person)
        post(client, "", "First Name")
        post(client, "", "Second Name")
        assert name_of(person) == "Second Name"
        assert not FormKey.objects.exists()

    def test_a_refused_form_is_not_remembered(self):
        person = make_person()
        client = signed_in(person)
        refused = post(client, "one", "")
        assert refused.status_code == 200
        assert "aria-invalid" in refused.text
        assert not FormKey.objects.exists()
        post(client, "one", "First Name")
        assert name_of(person) == "First Name"

    def test_the_same_key_of_somebody_else_or_elsewhere_is_another(self):
        ann, bee = make_mediator(), make_person()
        post(signed_in(ann), "one", "Ann")
        post(signed_in(bee), "one", "Bee")
        assert (name_of(ann), name_of(bee)) == ("Ann", "Bee")
        answer = signed_in(ann).post("/my-details/visibility/", {"visibility": "private", "form_key": "one"})
        assert answer.url == "/"
        assert ann.mediator_profile.visibility == "private"

    def test_nothing_is_remembered_for_strangers(self, client):
        assert post(client, "one", "Nobody").status_code == 302
        assert not FormKey.objects.exists()

    @pytest.mark.parametrize("key", ["x" * 5000, "nul\0key", "\0", "ключ 🔑"])
    def test_a_strange_key_is_only_a_key(self, key):
        person = make_person()
        client = signed_in(person)
        assert post(client, key, "First Name").status_code == 302
        assert name_of(person) == "First Name"

    def test_only_the_redirect_is_kept(self):
        post(signed_in(make_person()), "one", "Ines Calder")
        [row] = FormKey.objects.values()
        assert "Ines" not in str(row.values())


def at_once_from_ten_windows(client, press) -> list:
    """`press(browser, number)` in ten windows of one browser, together."""

    def window(number: int):
        browser = Client()
        browser.cookies = client.cookies
        return press(browser, number)

    return at_once(*[lambda number=number: window(number) for number in range(10)])


@pytest.mark.django_db(transaction=True)
class TestTenPostsAtOnce:
    def test_have_one_answer(self):
        person = make_person()
        answers = at_once_from_ten_windows(
            signed_in(person), lambda browser, number: post(browser, "one", f"Name {number}")
        )
        assert [(answer.status_code, answer.url) for answer in answers] == [(302, ADDRESS)] * 10
        assert name_of(person) in {f"Name {number}" for number in range(10)}
        assert FormKey.objects.count() == 1

    def test_have_one_effect(self):
        """Each change of visibility leaves a line in the audit trail: so they can be counted."""
        person = make_mediator()

        def press(browser, number: int):
            form = {"visibility": ["private", "directories"][number % 2], "form_key": "one"}
            return browser.post("/my-details/visibility/", form)

        answers = at_once_from_ten_windows(signed_in(person), press)
        assert [(answer.status_code, answer.url) for answer in answers] == [(302, "/")] * 10
        assert AuditEvent.objects.filter(verb=Verb.VISIBILITY_CHANGED).count() == 1

    def test_that_are_refused_leave_the_key_free(self):
        person = make_person(name="Ann")
        client = signed_in(person)
        answers = at_once_from_ten_windows(client, lambda browser, number: post(browser, "one", ""))
        assert [answer.status_code for answer in answers] == [200] * 10
        assert not FormKey.objects.exists()
        assert name_of(person) == "Ann"
