"""The one mail a slot: that feedback was left, by whom as far as they allowed it, and nothing more."""

import re

import pytest
from django.apps import apps
from django.conf import settings as django_settings
from django.core import mail
from django.db import connection

from accounts.models import OutboxMessage, User
from accounts.services import outbox
from accounts.tests.factories import make_admin, make_appointment, make_mediator, make_reviewer, signed_in
from accounts.tests.threads import at_once
from feedback.models import Feedback, FeedbackReport, Notice, NoticeName
from feedback.services import pieces
from feedback.services.answers import stop_sharing, withdraw
from feedback.services.release import release_feedback
from feedback.tests.factories import make_piece
from feedback.tests.reading import mail_of
from feedback.tests.slots import Slots, answer

pytestmark = pytest.mark.django_db
NAMES = ["Zoë Adams", "anders Berg", "Écaterina Cole"]
LEFT_BY = {
    0: "a party",
    1: "Zoë Adams",
    2: "anders Berg and Zoë Adams",
    3: "anders Berg, Écaterina Cole and Zoë Adams",
}
WITH_OTHERS = {
    0: "a party",
    1: "Zoë Adams and others",
    2: "anders Berg, Zoë Adams and others",
    3: "anders Berg, Écaterina Cole, Zoë Adams and others",
}
SOME, NONE = "Some of it is shared with you.", "None of it is shared with you."


@pytest.fixture
def slots(settings) -> Slots:
    return Slots(settings)


@pytest.fixture
def amina(slots: Slots) -> User:
    amina = make_mediator(name="Amina Okafor", email="amina@example.org")
    make_appointment(amina, make_reviewer(vetted=True, name="Rosa Lindqvist"))
    OutboxMessage.objects.all().delete()
    return amina


def named(amina: User, name: str, **answers):
    return answer(amina, respondent_name=name, name_in_notice=True, **answers)


def notices(to: str = "amina@example.org") -> list:
    return [each for each in mail.outbox if each.to == [to] and each.subject == "Feedback was left for you"]


def released(slots: Slots, hours: float = 31) -> list:
    """Only the invitations were mailed before."""
    slots.go_to(hours)
    slots.release()
    return notices()


@pytest.mark.parametrize("shared", [True, False])
@pytest.mark.parametrize("unnamed", [0, 1, 3])
@pytest.mark.parametrize("names", [0, 1, 2, 3])
def test_every_mixture(slots: Slots, amina: User, names: int, unnamed: int, shared: bool) -> None:
    for name in NAMES[:names]:
        named(amina, name, shared=False)
    for number in range(unnamed):
        answer(amina, shared=False, respondent_name=f"Canary {number}", name_in_notice=False)
    if shared and (names or unnamed):
        Feedback.objects.filter(pk=Feedback.objects.first().pk).update(shared=True)
    found = released(slots)
    if not names and not unnamed:
        assert found == []
        return
    (notice,) = found
    text = notice.body
    expected = (WITH_OTHERS if unnamed else LEFT_BY)[names]
    assert f"Feedback about your work was left by {expected}." in text
    assert "Your Reviewer, Rosa Lindqvist, can read it." in text
    assert ((SOME in text), (NONE in text)) == (shared, not shared)
    assert "You do not need to do anything." in text
    assert "Canary" not in str(notice.message())
    html = notice.alternatives[0][0]
    assert expected in re.sub("</?bdi>", "", html)
    address = f"{django_settings.SITE_URL}/feedback/"
    for part in (text, html):
        assert address in part
        words = re.sub(r"<style>.*?</style>|<!doctype.*?<body>", "", part, flags=re.S).replace(address, "")
        assert not re.search(r"\d", words), "a number"


def test_one_and_many_unnamed_get_the_same_mail(slots: Slots, amina: User) -> None:
    answer(amina)
    (one,) = released(slots)
    mail.outbox.clear()
    slots.go_to(31.5)
    for _number in range(4):
        answer(amina)
    (many,) = released(slots, 55)
    assert mail_of(one) == mail_of(many)


def test_two_of_one_name_are_one_name(slots: Slots, amina: User) -> None:
    named(amina, "Anna  Berg\n")
    named(amina, "Anna Berg")
    (notice,) = released(slots)
    assert "was left by Anna Berg." in notice.body


def test_a_name_is_text_and_stays_on_its_line(slots: Slots, amina: User) -> None:
    named(amina, "Ana\r\nBcc: evil & Co")
    (notice,) = released(slots)
    assert "left by Ana Bcc: evil & Co." in notice.body
    assert "Ana Bcc: evil &amp; Co" in notice.alternatives[0][0]
    assert notice.recipients() == ["amina@example.org"]


@pytest.mark.parametrize(
    "name",
    ["Pay at https://evil.example", "evil.example/login", "me@evil.example", "<b>Ana</b>", "EVIL．example"],
)
def test_who_gives_an_address_for_a_name_is_not_named(slots: Slots, amina: User, name: str) -> None:
    """A stranger writes it, in the general survey, and the mediator trusts our mail."""
    named(amina, name)
    named(amina, "Ana")
    (notice,) = released(slots)
    assert "left by Ana and others. Names stand here as they were typed. Nobody has checked" in notice.body
    assert "evil" not in str(notice.message()).lower()


def test_without_a_reviewer_it_says_how_to_name_one(slots: Slots) -> None:
    ben = make_mediator(email="ben@example.org")
    answer(ben)
    released(slots)
    (notice,) = notices("ben@example.org")
    assert "You have not named a Reviewer yet" in notice.body
    assert f"{django_settings.SITE_URL}/my-details/" in notice.body
    assert f'href="{django_settings.SITE_URL}/my-details/"' in notice.alternatives[0][0]


def test_an_unchecked_reviewer_is_not_said_to_read_it(slots: Slots, settings) -> None:
    ben = make_mediator(email="ben@example.org")
    make_appointment(ben, make_reviewer(name="Rosa Lindqvist"))
    answer(ben)
    released(slots)
    assert "Rosa Lindqvist, can read all of it once IMI has checked" in notices("ben@example.org")[0].body
    settings.REVIEWER_VETTING = False
    slots.go_to(31.5)
    answer(ben)
    released(slots, 55)
    assert "Your Reviewer, Rosa Lindqvist, can read it." in notices("ben@example.org")[1].body


def test_two_mediators_get_their_own(slots: Slots, amina: User) -> None:
    ben = make_mediator(email="ben@example.org")
    named(amina, "Zoë Adams")
    named(ben, "Carl Dahl", shared=False)
    (first,) = released(slots)
    (second,) = notices("ben@example.org")
    assert ("Zoë Adams" in first.body, "Carl Dahl" in first.body, SOME in first.body) == (True, False, True)
    assert ("Zoë Adams" in second.body, "Carl Dahl" in second.body, NONE in second.body) == (
        False,
        True,
        True,
    )


def test_nothing_leaves_before_the_slot(slots: Slots, amina: User) -> None:
    answer(amina, helpful="Apricots")
    for hours in (6.6, 20, 29.99):
        assert released(slots, hours) == []
        assert "Apricots" not in signed_in(amina).get("/feedback/").text
    assert len(released(slots, 30.01)) == 1
    assert "Apricots" in signed_in(amina).get("/feedback/").text


def test_a_late_run_releases_the_slots_that_have_passed_and_no_other(slots: Slots, amina: User) -> None:
    named(amina, "First Slot", helpful="apricots")
    slots.go_to(31)
    named(amina, "Second Slot", helpful="bananas")
    slots.go_to(55)
    named(amina, "Third Slot", helpful="cherries")
    found = [notice.body for notice in released(slots, 56)]
    names = [re.search(r"left by (.*?)\.", text)[1] for text in found]
    assert names == ["First Slot", "Second Slot"]
    page = signed_in(amina).get("/feedback/").text
    assert [word in page for word in ("apricots", "bananas", "cherries")] == [True, True, False]
    assert len(released(slots, 80)) == 3


def test_run_twice_it_is_sent_once(slots: Slots, amina: User) -> None:
    answer(amina)
    assert len(released(slots)) == 1
    assert len(released(slots)) == 1
    assert len(released(slots, 90)) == 1


@pytest.mark.django_db(transaction=True)
def test_two_at_once_send_one(slots: Slots) -> None:
    amina = make_mediator(email="amina@example.org")
    for _number in range(3):
        answer(amina)
    slots.go_to(31)
    assert at_once(*[release_feedback] * 4) == [None] * 4
    at_once(*[outbox.deliver_due] * 3)
    assert len(notices()) == 1


def test_who_withdraws_before_the_slot_is_not_named(slots: Slots, amina: User) -> None:
    taken_back = named(amina, "Canary Gone")
    answer(amina, shared=False)
    assert withdraw(code=taken_back.code)
    (notice,) = released(slots)
    assert "left by a party." in notice.body
    assert NONE in notice.body
    assert "Canary" not in str(notice.message())


def test_nothing_left_is_nothing_told(slots: Slots, amina: User) -> None:
    by_party, by_admin = named(amina, "Canary Gone"), answer(amina)
    withdraw(code=by_party.code)
    pieces.withdraw_piece(piece=Feedback.objects.get(), by=make_admin(), reason="Insults")
    assert by_admin
    assert released(slots) == []
    assert not Notice.objects.exists()


def test_who_stops_sharing_before_the_slot_did_not_share(slots: Slots, amina: User) -> None:
    thanks = answer(amina)
    stop_sharing(code=thanks.code)
    (notice,) = released(slots)
    assert NONE in notice.body


def every_row() -> str:
    """Everything that the database holds, as text; bytes as bytes and in hexadecimal."""
    rows = []
    with connection.cursor() as cursor:
        for model in apps.get_models():
            cursor.execute(f'SELECT t::text FROM "{model._meta.db_table}" t')
            rows += [row[0] for row in cursor]
    return "\n".join(rows)


def test_the_name_is_sealed_while_it_waits_and_gone_after_the_mail(slots: Slots, amina: User) -> None:
    named(amina, "Canary Wharfinger")
    assert NoticeName.objects.get().name == "Canary Wharfinger"
    for form in ("Canary", b"Canary".hex()):
        assert form not in every_row()
    (notice,) = released(slots)
    assert "Canary Wharfinger" in notice.body
    assert not NoticeName.objects.exists()
    assert not Notice.objects.exists()
    for form in ("Canary", b"Canary".hex()):
        assert form not in every_row()


def test_a_mail_that_fails_for_good_keeps_no_name_either(slots: Slots, amina: User, settings) -> None:
    named(amina, "Canary Wharfinger")
    slots.go_to(31)
    release_feedback()
    User.objects.filter(pk=amina.pk).update(is_active=False)  # nothing to say any more
    outbox.deliver_due()
    release_feedback()
    assert notices() == []
    assert not NoticeName.objects.exists()


def test_in_the_demo_it_comes_at_once(settings) -> None:
    settings.FEEDBACK_RELEASE_AT = None
    amina = make_mediator(email="amina@example.org")
    named(amina, "Zoë Adams", helpful="apricots")
    outbox.deliver_due()
    assert "left by Zoë Adams." in notices()[0].body
    assert "apricots" in signed_in(amina).get("/feedback/").text


def test_a_report_mails_a_link_and_nothing_of_the_text(settings) -> None:
    settings.SUPPORT_EMAIL = "desk@example.org"
    amina = make_mediator(name="Canary Mediator")
    piece = make_piece(amina, helpful="Canary words")
    for _time in range(2):
        pieces.report_piece(piece=piece, reason="Canary reason", by=amina)
    outbox.deliver_due()
    (sent,) = mail.outbox
    assert sent.to == ["desk@example.org"]
    address = f"/admin/feedback/feedbackreport/{FeedbackReport.objects.get().pk}/change/"
    assert address in sent.body
    assert address in sent.alternatives[0][0]
    assert "Canary" not in str(sent.message())
    assert signed_in(make_admin()).get(address).status_code == 200
