"""Who answered, and at which hour of a slot, changes no byte that a mediator can get."""

from datetime import timedelta

import pytest
from django.core import mail

from accounts.models import OutboxMessage, User
from accounts.tests.doors import seen
from accounts.tests.factories import make_appointment, make_mediator, make_reviewer, signed_in
from feedback.models import Feedback, FeedbackRequest
from feedback.services.requests import Mediation, Party, ask_by_email
from feedback.tests.reading import csv_rows, mail_of, page_of, pdf_text, without_ids, xlsx_rows
from feedback.tests.slots import Slots, answer
from logbook_site.foundation import clock

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
WROTE = [
    {
        "ratings": {"clear": 5, "pressed": 1, "safe": "na"}, "party_role": "party", "use_again": "yes",
        "outcome": "full", "outcome_satisfied": "5", "helpful": "Apricots helped", "quote": "Calm",
        "may_quote": "yes",
    },
    {
        "ratings": {"clear": 2, "overall": 1}, "party_role": "adviser", "better": "Bananas\n  came late",
        "language": "fr",
    },
    {"ratings": {"clear": 3}, "shared": False, "helpful": "Cherries for the Reviewer"},
]  # fmt: skip
WORDS = ["apricots", "bananas", "cherries"]
HOURS = [6.6, 7, 8]


def everything(settings, *, order=(0, 1, 2), hours=HOURS, sequence=(0, 1, 2)) -> dict[str, object]:
    """All that reaches the mediator. `order`: who writes what; `sequence`: who answers first, at which `hours`."""
    User.objects.all().delete()
    OutboxMessage.objects.all().delete()
    mail.outbox.clear()
    slots = Slots(settings)
    amina = make_mediator(name="Amina Okafor", email="amina@example.org")
    make_appointment(amina, make_reviewer(vetted=True, name="Rosa Lindqvist", email="rosa@example.org"))
    OutboxMessage.objects.all().delete()
    requests: list[FeedbackRequest] = []
    for number in range(3):
        ended_on = clock.today() - timedelta(days=300 * number)
        requests += ask_by_email(
            mediator=amina,
            parties=[Party(f"Party {number}", f"party{number}@example.org")],
            mediation=Mediation(ended_on=ended_on, reference=f"Matter {number}"),
            remind=False,
            by=amina,
        )
    OutboxMessage.objects.all().delete()
    for hour, who in zip(hours, sequence, strict=True):
        slots.go_to(hour)
        answer(requests[who], form_key=f"form {who}", **WROTE[order[who]])
    slots.go_to(31)
    slots.release()
    return _all_that_reaches(amina)


def _all_that_reaches(amina: User) -> dict[str, object]:
    client = signed_in(amina)
    found: dict[str, object] = {"home": without_ids(seen(client.get("/")))}
    for query in ("", "q=a", "q=cherries", "sort=-id", "per_page=10"):
        answered = client.get(f"/feedback/?{query}")
        found[f"page {query}"] = page_of(answered)
        found[f"headers {query}"] = sorted(answered.headers.items())
    visible = Feedback.objects.visible_to(amina)
    found["pieces"] = sorted(without_ids(seen(client.get(f"/feedback/{each.pk}/"))) for each in visible)
    headings, *rows = csv_rows(client.get("/feedback/export/?format=csv"))
    found["csv"] = (headings, sorted(rows))
    headings, *rows = xlsx_rows(client.get("/feedback/export/?format=xlsx"))
    found["xlsx"] = (headings, sorted(rows, key=str))
    for word in WORDS:
        found[f"print {word}"] = pdf_text(client.get("/feedback/print/", {"q": word}))
    found["mail"] = [mail_of(each) for each in mail.outbox]
    return found


def test_the_two_worlds_hold_something(settings) -> None:
    """Else they would be equal for the wrong reason."""
    found = everything(settings)
    assert len(found["pieces"]) == 2
    assert len(found["mail"]) == 1
    assert "Apricots" in str(found["page "])
    assert "Bananas" in found["print bananas"]
    assert "Cherries" not in str(found)


def test_who_wrote_what_changes_nothing(settings) -> None:
    usual = everything(settings)
    assert usual == everything(settings, order=(1, 0, 2))
    assert usual == everything(settings, order=(2, 1, 0))


def test_the_hour_and_the_sequence_inside_a_slot_change_nothing(settings) -> None:
    usual = everything(settings)
    assert usual == everything(settings, hours=[21, 25, 29.9])
    assert usual == everything(settings, sequence=(2, 1, 0))
    assert usual == everything(settings, hours=[7, 7, 7], sequence=(1, 2, 0))


def test_what_was_not_shared_changes_nothing_where_something_was(settings) -> None:
    usual = everything(settings)
    two = everything(settings, hours=HOURS[:2], sequence=(0, 1))
    assert usual == two


def test_the_order_is_that_of_the_random_ids_and_not_of_arrival() -> None:
    amina = make_mediator()
    arrived = []
    for number in range(30):
        piece = Feedback(
            mediator=amina, survey="mediator-1", language="en", year=2020, invited=True, shared=True,
            helpful=f"w{number:02}w", code_hash=f"{number}",
        )  # fmt: skip
        piece.save()
        arrived.append(str(piece.pk))
    client = signed_in(amina)

    def shown(query: str) -> list[str]:
        return [str(card.piece.pk) for card in client.get(f"/feedback/?per_page=50&{query}").context["page"]]

    assert shown("") == sorted(arrived)
    assert shown("sort=-id") == sorted(arrived)[::-1]
    assert shown("") != arrived
    in_file = [row[-4] for row in csv_rows(client.get("/feedback/export/"))[1:]]
    texts = {str(piece.pk): piece.helpful for piece in Feedback.objects.all()}
    assert in_file == [texts[key] for key in sorted(arrived)]
