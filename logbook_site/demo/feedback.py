"""Two years of asking and being answered: Amina's, and a little of Ben's. Invented, and the same all day long."""

import random
import uuid
from datetime import UTC, date, datetime, time, timedelta

from django.conf import settings

from accounts.choices import OutboxState
from accounts.models import OutboxMessage, User
from feedback.choices import ActedAs, LinkState, Outcome, PartyRole, RequestKind, UseAgain, YesNo
from feedback.models import Feedback, FeedbackNote, FeedbackReport, FeedbackRequest, Respondent
from feedback.services.answers import first_of_month_after
from feedback.services.contacts import Contact, seal_contact
from feedback.services.requests import INVITATION
from feedback.services.secrets import hash_of, new_token
from feedback.surveys import CURRENT, HIGHEST, LOWEST, NOT_APPLICABLE, Question
from logbook_site.demo.voices import AMINA, BEN, Voice
from logbook_site.foundation import clock

TWO_YEARS = 730  # days
SEED = 2019
ROLES = [PartyRole.PARTY, PartyRole.REPRESENTATIVE, PartyRole.ADVISER, PartyRole.CO_MEDIATOR, ""]
SHARES_OF_ROLES = [60, 26, 6, 4, 4]
# How many parties were asked together, again and again.
BATCHES = {"amina": [2, 2, 4, 1, 3, 2, 5, 2, 1, 4, 2, 3, 2, 4, 3], "ben": [2, 4, 2, 1, 3]}
ANSWERED = 0.7  # of those who were asked long ago
NOTE = "Say at the beginning how long the breaks are. Two parties missed them this year."
NOTED = "Perhaps a longer break at noon."
REASON = "I have never worked in Mombasa. I believe that this is meant for somebody else."
REPORTED = "The mediation in Mombasa"
# Asked just now; the mail to the second of them came back.
YOUNG = [
    (Contact("Wambui Kariuki", "wambui.kariuki@example.org", "Roof and two owners"), OutboxState.SENT),
    (Contact("Daniel Otieno", "daniel.otieno@example.org", "Roof and two owners"), OutboxState.FAILED),
    (Contact("Mercy Chebet", "mercy.chebet@example.org", "Roof and two owners"), OutboxState.SENT),
]


def fill_feedback(people: dict[str, User]) -> None:
    """Amina and Ben have asked and were answered. Chloé has not: she shows how empty pages look. No mail is sent."""
    dice = random.Random(SEED)
    requests = [
        *_asked(people["amina"], BATCHES["amina"], dice),
        *_asked(people["ben"], BATCHES["ben"], dice),
    ]
    mails = [_mail(request, OutboxState.SENT) for request in requests if request.kind == RequestKind.EMAIL]
    young = _young(people["amina"])
    mails += [_mail(request, state) for request, (_contact, state) in zip(young, YOUNG, strict=True)]
    FeedbackRequest.objects.bulk_create([*requests, *young])
    OutboxMessage.objects.bulk_create(mails)

    voices = [*((people["amina"], voice) for voice in AMINA), *((people["ben"], voice) for voice in BEN)]
    pieces = [_piece(mediator, voice, dice) for mediator, voice in voices]
    Feedback.objects.bulk_create(pieces)
    Respondent.objects.bulk_create(
        _respondent(piece, voice.name)
        for piece, (_mediator, voice) in zip(pieces, voices, strict=True)
        if voice.name
    )
    _note_and_report(pieces)


# --- Asking ----------------------------------------------------------------------------------------


def _asked(mediator: User, batches: list[int], dice: random.Random) -> list[FeedbackRequest]:
    """Rows older than the time for which contacts are kept: nobody knows any more who was asked."""
    days = sorted(dice.sample(range(8, TWO_YEARS), len(batches)), reverse=True)
    found = []
    for days_ago, number in zip(days, batches, strict=True):
        made = datetime.combine(clock.today() - timedelta(days=days_ago), time(15, dice.randrange(60)), UTC)
        kind = RequestKind.LINK if dice.random() < 0.15 else RequestKind.EMAIL
        acted_as = ActedAs.ADVOCATE if dice.random() < 0.1 else ActedAs.MEDIATOR
        ended_on = made.date() - timedelta(days=dice.randint(1, 6))
        batch = uuid.uuid4()
        for _party in range(number):
            answered = dice.random() < ANSWERED
            request = _request(mediator, made, batch=batch, kind=kind, acted_as=acted_as, ended_on=ended_on)
            request.link_state = LinkState.CLOSED if answered else LinkState.OPEN
            request.remind = kind == RequestKind.EMAIL and number > 2
            found.append(request)
    return found


def _request(mediator: User, made: datetime, **fields) -> FeedbackRequest:
    ends = made + clock.hours(settings.LINK_LIVES_HOURS)
    return FeedbackRequest(
        mediator=mediator,
        language="en",
        created_at=made,
        link_ends_at=ends,
        # Of a link that has ended nothing is kept.
        token_hash=hash_of(new_token()) if ends > clock.now() else None,
        unreadable_at=made + clock.hours(settings.CONTACT_KEPT_HOURS),
        **fields,
    )


def _young(mediator: User) -> list[FeedbackRequest]:
    """Three parties whose names can still be read, for as long as the vault keeps its promise."""
    made, batch = clock.now(), uuid.uuid4()
    found = []
    for contact, _state in YOUNG:
        token = new_token()
        request = _request(
            mediator,
            made,
            batch=batch,
            kind=RequestKind.EMAIL,
            acted_as=ActedAs.MEDIATOR,
            ended_on=clock.today() - timedelta(days=1),
        )
        request.token_hash = hash_of(token)
        seal_contact(request, contact._replace(token=token))
        found.append(request)
    return found


def _mail(request: FeedbackRequest, state: OutboxState) -> OutboxMessage:
    return OutboxMessage(
        message=INVITATION,
        object_id=request.pk,
        state=state,
        attempts=1,
        last_error="smtp 550" if state == OutboxState.FAILED else "",
        not_before=request.created_at,
        first_due_at=request.created_at,
        created_at=request.created_at,
        finished_at=request.created_at,
    )


# --- Being answered --------------------------------------------------------------------------------


def _piece(mediator: User, voice: Voice, dice: random.Random) -> Feedback:
    survey = CURRENT[voice.acted_as]
    ratings = {question.key: _rating(question, voice.mood, dice) for question in survey.questions}
    outcome = dice.choices(Outcome.values, [10 * voice.mood, 14, 5 * (6 - voice.mood), 4])[0]
    satisfied = _near(voice.mood if outcome == Outcome.FULL else voice.mood - 1, dice)
    return Feedback(
        mediator=mediator,
        survey=survey.name,
        language=voice.language,
        year=(clock.today() - timedelta(days=dice.randrange(10, TWO_YEARS))).year,
        invited=voice.invited,
        shared=voice.shared,
        party_role=_role(voice, dice),
        ratings={key: rating for key, rating in ratings.items() if rating},
        use_again=_use_again(voice.mood),
        outcome=outcome,
        outcome_satisfied=str(satisfied) if dice.random() < 0.9 else NOT_APPLICABLE,
        helpful=voice.helpful,
        better=voice.better,
        quote=voice.quote,
        may_quote=dice.choices([YesNo.YES, YesNo.NO], [3, 1])[0] if voice.quote else "",
        code_hash=hash_of(new_token()),
    )


def _role(voice: Voice, dice: random.Random) -> str:
    if "As the mediator" in voice.helpful:
        return PartyRole.MEDIATOR
    return dice.choices(ROLES, SHARES_OF_ROLES)[0]


def _rating(question: Question, mood: int, dice: random.Random) -> int | str | None:
    """Mostly the mood, sometimes beside it; some cannot say, and a few leave it out."""
    if dice.random() < 0.04:
        return None
    if dice.random() < (0.35 if question.key == "differences" else 0.05):
        return NOT_APPLICABLE
    rating = _near(mood, dice)
    return LOWEST + HIGHEST - rating if question.is_reversed else rating


def _near(mood: int, dice: random.Random) -> int:
    return max(LOWEST, min(HIGHEST, mood + dice.choices([-1, 0, 1], [2, 6, 2])[0]))


def _use_again(mood: int) -> str:
    if mood >= 4:
        return UseAgain.YES
    return UseAgain.UNSURE if mood == 3 else UseAgain.NO


def _respondent(piece: Feedback, name: str) -> Respondent:
    respondent = Respondent(feedback=piece, erase_on=_erase_on(piece.year))
    respondent.name = name
    respondent.email = f"{name.split()[-1].lower()}@example.org"
    return respondent


def _erase_on(year: int) -> date:
    """Later than today: what should be gone by now is not loaded at all."""
    left = max(1, settings.RESPONDENT_KEPT_MONTHS - 12 * (clock.today().year - year))
    return first_of_month_after(clock.now(), left)


def _note_and_report(pieces: list[Feedback]) -> None:
    noted = next(piece for piece in pieces if NOTED in piece.better)
    reported = next(piece for piece in pieces if REPORTED in piece.better)
    note = FeedbackNote(feedback=noted)
    note.note = NOTE
    note.save(force_insert=True)
    FeedbackReport.objects.create(
        feedback=reported, reason=REASON, created_at=clock.now() - timedelta(days=2)
    )
