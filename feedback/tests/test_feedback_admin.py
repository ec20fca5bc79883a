"""The admin's desk: states and answers to read, and who said it only for a reason that is audited."""

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.test import Client

from accounts.choices import Role
from accounts.models import AuditEvent
from accounts.services import people
from accounts.tests.factories import make_admin, make_mediator, make_person, make_reviewer, signed_in
from feedback.models import Feedback, FeedbackReport, FeedbackRequest, Respondent, Suppression
from feedback.services import pieces
from feedback.services.answers import first_of_month_after, is_to_be_left_alone, stop_asking
from feedback.services.secrets import address_hash
from feedback.tests.factories import make_piece, make_request
from logbook_site.foundation import clock

pytestmark = pytest.mark.django_db
MODELS = ["feedbackrequest", "feedback", "feedbackreport", "respondent", "suppression"]
NAME, EMAIL = "Canary Wharfinger", "canary@example.org"
# What the admin's pages must never show but where somebody looked on purpose.
CANARIES = [NAME, EMAIL, "Canary reference", "Canary note"]


@pytest.fixture
def amina():
    return make_mediator(name="Amina Okafor")


@pytest.fixture
def piece(amina) -> Feedback:
    """One of everything that a piece can have beside it."""
    piece = make_piece(amina, helpful="She listened.", use_again="yes", party_role="party", shared=True)
    erase_on = first_of_month_after(clock.now(), 24)
    Respondent.objects.create(feedback=piece, name=NAME, email=EMAIL, erase_on=erase_on)
    pieces.save_note(piece=piece, note="Canary note", by=amina)
    pieces.report_piece(piece=piece, reason="Not about me", by=amina)
    make_request(amina, name=NAME, email=EMAIL, reference="Canary reference")
    stop_asking(hashed=address_hash(EMAIL))
    return piece


def addresses(piece: Feedback) -> dict[str, str]:
    """The page that does something, for each model that has one."""
    report, respondent = FeedbackReport.objects.get(), Respondent.objects.get()
    return {
        "withdraw": f"/admin/feedback/feedback/{piece.pk}/withdraw/",
        "settle": f"/admin/feedback/feedbackreport/{report.pk}/settle/",
        "show": f"/admin/feedback/respondent/{respondent.pk}/show/",
        "ask-again": "/admin/feedback/suppression/ask-again/",
    }


def every_page(piece: Feedback) -> list[str]:
    lists = [f"/admin/feedback/{name}/" for name in MODELS]
    objects = [FeedbackRequest, Feedback, FeedbackReport, Respondent, Suppression]
    single = [
        f"/admin/feedback/{model._meta.model_name}/{model.objects.get().pk}/{verb}/"
        for model in objects
        for verb in ("change", "history")
    ]
    return [*lists, *single, *addresses(piece).values()]


def test_only_these_have_a_page() -> None:
    """Notes, answers that wait, notices and the names in them have none."""
    registered = {model.__name__ for model in admin.site._registry if model._meta.app_label == "feedback"}
    assert registered == {"FeedbackRequest", "Feedback", "FeedbackReport", "Respondent", "Suppression"}
    assert {model.__name__ for model in apps.get_app_config("feedback").get_models()} - registered == {
        "FeedbackNote", "Notice", "NoticeName", "PendingFeedback",
    }  # fmt: skip


def test_every_page_opens_for_an_admin_and_shows_no_secret(piece: Feedback) -> None:
    client = signed_in(make_admin())
    for address in every_page(piece):
        answer = client.get(address)
        assert answer.status_code == 200, address
        for canary in CANARIES:
            assert canary not in answer.text, (address, canary)
    assert not AuditEvent.objects.filter(verb="respondent_looked_at").exists()


def test_an_admin_who_mediates_finds_nothing_about_themselves(piece: Feedback, amina) -> None:
    pages, others = every_page(piece), make_piece(make_mediator(name="Ben Adler"))
    people.add_role(to=amina, role=Role.ADMIN, by=None)
    client = signed_in(amina)
    assert list(client.get("/admin/feedback/feedback/").context["cl"].queryset) == [others]
    for model in (FeedbackReport, Respondent):
        listed = client.get(f"/admin/feedback/{model._meta.model_name}/").context["cl"].queryset
        assert not listed.exists()
    theirs = ("/admin/feedback/feedback/", "/admin/feedback/feedbackreport/", "/admin/feedback/respondent/")
    for address in pages:
        if address.startswith(theirs) and address not in theirs:
            answer = (
                client.post(address, {"reason": "Curious"}) if "/show/" in address else client.get(address)
            )
            assert answer.status_code in {302, 404}, address
            assert "She listened." not in answer.text and NAME not in answer.text, address


@pytest.mark.parametrize("who", ["stranger", None, Role.MEDIATOR, Role.REVIEWER, Role.DIRECTORY, "owner"])
def test_nobody_else_comes_in_and_nothing_changes(piece: Feedback, amina, who) -> None:
    others = {"owner": amina, None: make_person()}
    client = Client() if who == "stranger" else signed_in(others.get(who) or make_person(who))
    for address in every_page(piece):
        for method in (client.get, client.post):
            answer = method(address, {"reason": "x", "address": EMAIL, "post": "yes"})
            assert answer.status_code == (302 if who == "stranger" else 404), address
            assert who != "stranger" or answer.url.startswith("/accounts/login/?next=")
    assert Feedback.objects.get() == piece
    assert FeedbackReport.objects.get().state == "open"
    assert is_to_be_left_alone(EMAIL)


@pytest.mark.parametrize("model", MODELS)
def test_nothing_is_added_or_changed_by_hand(piece: Feedback, model: str) -> None:
    client = signed_in(make_admin())
    rows = apps.get_model("feedback", model).objects
    before = rows.values().get()
    assert client.get(f"/admin/feedback/{model}/add/").status_code == 403
    assert client.post(f"/admin/feedback/{model}/add/", {}).status_code == 403
    key = rows.get().pk
    assert (
        client.post(f"/admin/feedback/{model}/{key}/change/", {"shared": "", "state": "settled"}).status_code
        == 403
    )
    if model != "suppression":
        assert client.post(f"/admin/feedback/{model}/{key}/delete/", {"post": "yes"}).status_code == 403
    assert client.post(
        f"/admin/feedback/{model}/", {"action": "delete_selected", "_selected_action": [key], "post": "yes"}
    ).status_code in {200, 302}
    assert rows.values().get() == before


def test_requests_show_states_and_nothing_of_the_contact(piece: Feedback) -> None:
    page = signed_in(make_admin()).get("/admin/feedback/feedbackrequest/").text
    assert "Amina Okafor" in page
    assert "By e-mail" in page
    token_hash = FeedbackRequest.objects.get().token_hash
    assert token_hash not in page


def test_a_piece_is_read_in_words(piece: Feedback) -> None:
    page = signed_in(make_admin()).get(f"/admin/feedback/feedback/{piece.pk}/change/").text
    for words in ("I felt safe to speak.", "Agree fully (5)", "She listened.", "Not answered", "A party"):
        assert words in page


def test_a_piece_is_withdrawn_with_a_reason(piece: Feedback, amina) -> None:
    admin_person = make_admin()
    client = signed_in(admin_person)
    address = addresses(piece)["withdraw"]
    for reason in ("", "   ", "x" * 1001):
        answer = client.post(address, {"reason": reason})
        assert answer.status_code == 200
        assert "aria-invalid" in answer.text
    assert Feedback.objects.exists()
    assert client.post(address, {"reason": "Insults"}).status_code == 302
    for model in (Feedback, Respondent, FeedbackReport):
        assert not model.objects.exists()
    event = AuditEvent.objects.get(verb="feedback_withdrawn")
    assert (event.actor_id, event.object_id, event.reason) == (admin_person.pk, str(piece.pk), "Insults")
    assert not LogEntry.objects.exists()
    assert client.get(address).status_code == 404
    assert signed_in(amina).get(f"/feedback/{piece.pk}/").status_code == 404


def test_a_report_is_settled_with_a_reason_and_the_piece_stays(piece: Feedback) -> None:
    client = signed_in(make_admin())
    report = FeedbackReport.objects.get()
    page = client.get(f"/admin/feedback/feedbackreport/{report.pk}/change/").text
    assert "Not about me" in page
    assert f"/admin/feedback/feedback/{piece.pk}/change/" in page
    address = addresses(piece)["settle"]
    assert client.post(address, {"reason": ""}).status_code == 200
    assert client.post(address, {"reason": "It is fair"}).status_code == 302
    report.refresh_from_db()
    assert (report.state, Feedback.objects.get()) == ("settled", piece)
    assert AuditEvent.objects.get(verb="report_settled").reason == "It is fair"
    assert client.get(address).status_code == 404


def test_who_left_it_is_shown_for_a_reason_each_time_and_kept_nowhere(piece: Feedback) -> None:
    admin_person = make_admin()
    client = signed_in(admin_person)
    address = addresses(piece)["show"]
    assert NAME not in client.get(address, {"reason": "Let me see"}).text
    assert NAME not in client.post(address, {"reason": " "}).text
    assert not AuditEvent.objects.filter(verb="respondent_looked_at").exists()
    for times in (1, 2):
        answer = client.post(address, {"reason": "A court asks"})
        assert NAME in answer.text
        assert EMAIL in answer.text
        assert "no-store" in answer.headers["Cache-Control"]
        looks = AuditEvent.objects.filter(verb="respondent_looked_at", actor_id=admin_person.pk)
        assert looks.count() == times
    assert {look.reason for look in looks} == {"A court asks"}
    assert not LogEntry.objects.exists()
    for model in apps.get_models():
        for row in model.objects.values():
            assert NAME not in str(row), model
            assert model._meta.label == "account.EmailAddress" or EMAIL not in str(row), model
    assert NAME not in client.get("/admin/accounts/auditevent/").text


def test_people_who_answered_are_not_searched_for(piece: Feedback) -> None:
    client = signed_in(make_admin())
    respondents = admin.site._registry[Respondent]
    assert not respondents.search_fields
    assert respondents.actions is None
    key = str(Respondent.objects.get().pk)
    for question in (NAME, EMAIL, "zzz"):
        assert key in client.get("/admin/feedback/respondent/", {"q": question}).text, "a search narrows it"


def test_somebody_asks_to_be_asked_again(piece: Feedback) -> None:
    client = signed_in(make_admin())
    address = addresses(piece)["ask-again"]
    assert client.post(address, {"address": "no address"}).status_code == 200
    assert "This address is not here." in client.post(address, {"address": "x@example.org"}, follow=True).text
    assert is_to_be_left_alone(EMAIL)
    assert "can be asked again" in client.post(address, {"address": "Canary@Example.org"}, follow=True).text
    assert not Suppression.objects.exists()


def test_a_hash_is_deleted_and_no_history_keeps_it(piece: Feedback) -> None:
    key = Suppression.objects.get().pk
    client = signed_in(make_admin())
    assert client.post(f"/admin/feedback/suppression/{key}/delete/", {"post": "yes"}).status_code == 302
    assert not Suppression.objects.exists()
    assert not LogEntry.objects.exists()


def test_an_admin_who_is_a_mediator_too_sees_only_their_own_shared_pieces(piece: Feedback) -> None:
    both = make_person(Role.ADMIN, Role.MEDIATOR)
    mine = make_piece(both, helpful="Mine to read")
    hidden = [make_piece(both, shared=False, helpful="Canary unshared"), piece]
    client = signed_in(both)
    page = client.get("/feedback/").text
    assert "Mine to read" in page
    assert "Canary unshared" not in page
    assert "She listened." not in page
    assert client.get(f"/feedback/{mine.pk}/").status_code == 200
    for each in hidden:
        assert client.get(f"/feedback/{each.pk}/").status_code == 404
    assert signed_in(make_admin()).get("/feedback/").status_code == 404
    assert signed_in(make_reviewer(vetted=True)).get(f"/feedback/{piece.pk}/").status_code == 404


@pytest.mark.parametrize("key", ["4711", "x", "%00", "00000000-0000-0000-0000-000000000000"])
def test_an_unknown_row(key: str) -> None:
    client = signed_in(make_admin())
    for model in MODELS:
        for verb in ("change", "history", "delete", "withdraw", "settle", "show"):
            assert client.get(f"/admin/feedback/{model}/{key}/{verb}/").status_code in {302, 403, 404}


@pytest.mark.parametrize("query", ["q=%00", "o=-99", "p=x", "state__exact=x", "e=1", "all="])
@pytest.mark.parametrize("model", MODELS)
def test_odd_questions(model: str, query: str) -> None:
    client = signed_in(make_admin())
    client.raise_request_exception = False
    assert client.get(f"/admin/feedback/{model}/?{query}").status_code < 500
