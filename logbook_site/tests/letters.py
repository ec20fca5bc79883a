"""Every mail of the site, written to people who do not exist: for tests that read them all, and for pictures.

Each is written by the function that the outbox calls, about rows that are there. allauth's own are written by our
adapter, with all that allauth may give them.
"""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import NamedTuple

from allauth.account.adapter import get_adapter
from allauth.core.context import request_context
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core.mail import EmailMessage
from django.test import RequestFactory, override_settings

from accounts import emails as of_accounts
from accounts.choices import AccessSource, AppointmentState, MessageKind, OrderState, VettingState
from accounts.models import AccessGrant, Appointment, ContactMessage, OrderLine, StaffPlace, User, Vetting
from accounts.tests.factories import (
    make_appointment,
    make_mediator,
    make_organisation,
    make_pending,
    make_reviewer,
)
from feedback import emails as of_feedback
from feedback.choices import ActedAs
from feedback.emails import parties
from feedback.models import FeedbackReport, FeedbackRequest, Notice, NoticeName, PendingFeedback
from feedback.services import answers
from feedback.tests.factories import make_piece, make_request
from logbook_site.foundation import clock
from logbook_site.own_data import emails as of_own_data
from reviewers import emails as of_reviewers
from reviewers.models import News
from reviewers.tests.factories import make_checked, make_final

# A long name, and one that is written from right to left.
LONG = "Bartholomew Maximilian von Hohenlohe-Langenburg"
RIGHT_TO_LEFT = "ليلى حدّاد"
FROM_ALLAUTH = {
    "code": "K7QM-4TPX",
    "password_reset_url": f"{settings.SITE_URL}/accounts/password/reset/",
    "signup_url": f"{settings.SITE_URL}/accounts/signup/",
    "from_email": "amina@example.org",
    "to_email": "amina.okafor@example.org",
    "deleted_email": "amina@example.org",
    "timestamp": clock.now(),
    "ip": "192.0.2.7",
    "user_agent": "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 Version/17.4 Safari/605.1",
}


class Letter(NamedTuple):
    """`template` is "<app>/emails/<name>" for ours, the prefix for allauth's; `language` that of its reader."""

    name: str
    template: str
    language: str
    mail: EmailMessage


def templates() -> set[str]:
    """Of every mail, as a Letter names it."""
    folder = Path(settings.BASE_DIR, "templates")
    ours = {
        str(file.relative_to(folder)).removesuffix(".subject.txt") for file in folder.rglob("*.subject.txt")
    }
    theirs = {
        str(file.relative_to(folder)).removesuffix("_subject.txt") for file in folder.rglob("*_subject.txt")
    }
    return ours | theirs


def letters() -> list[Letter]:
    """Makes the people and rows they need: take a database that is rolled back."""
    return [
        *_to_parties(),
        *_about_feedback(),
        *_of_reviewers(),
        *_of_accounts(),
        *_of_own_data(),
        *_of_allauth(),
    ]


def _letter(template: str, mail: EmailMessage | None, variant: str = "", language: str = "en") -> Letter:
    name = "-".join(filter(None, [template.replace("/emails/", "-").replace("/email/", "-"), variant]))
    assert mail is not None, f"{name} was not written"
    return Letter(name, template, language, mail)


# --- To parties ------------------------------------------------------------------------------------


def _to_parties() -> Iterator[Letter]:
    rosa, amina = make_reviewer(name="Rosa Lindqvist"), make_mediator(name="Amina Okafor")
    make_appointment(amina, rosa)
    for code, _name in settings.LANGUAGES:
        request = make_request(
            amina, name="Paula Party", reference="Orchard and a well, spring", language=code
        )
        yield _letter("feedback/emails/invitation", parties.invitation(request.pk), code, code)
        yield _letter("feedback/emails/reminder", _reminder(request), code, code)
        yield _letter("feedback/emails/confirmation", _confirmation(amina, code), code, code)
    layla = make_mediator(name=RIGHT_TO_LEFT)
    for code in ("en", "ar"):
        request = make_request(layla, name=LONG, language=code, acted_as=ActedAs.ADVOCATE)
        yield _letter("feedback/emails/invitation", parties.invitation(request.pk), f"advocate-{code}", code)


def _reminder(request: FeedbackRequest) -> EmailMessage:
    # On its day the outbox asks whether the first mail was sent, and then calls this.
    return parties._to_party("feedback/reminder", request.pk)


def _confirmation(mediator: User, language: str) -> EmailMessage | None:
    answers.keep_until_confirmed(
        mediator=mediator,
        acted_as=ActedAs.MEDIATOR,
        year=2026,
        answers=answers.Answers(
            shared=True, ratings={"clear": 4}, respondent_email=f"greta-{language}@example.org"
        ),
        language=language,
        form_key=language,
    )
    pending = PendingFeedback.objects.filter(mediator=mediator).order_by("-unreadable_at", "pk")
    return next(
        mail
        for row in pending
        if (mail := parties.confirmation(row.pk)).to == [f"greta-{language}@example.org"]
    )


def _about_feedback() -> Iterator[Letter]:
    amina = make_mediator(name="Amina Okafor")
    lost = make_request(amina, name="Paula Party")
    FeedbackRequest.objects.filter(pk=lost.pk).update(is_lost=True)
    yield _letter("feedback/emails/not_sent", of_feedback.not_sent(lost.batch))
    notice = Notice.objects.create(mediator=amina, any_unnamed=True)
    yield _letter("feedback/emails/notice", of_feedback.notice(notice.pk), "without-reviewer")
    make_appointment(amina, make_reviewer(name="Rosa Lindqvist", vetted=True))
    named = Notice.objects.create(mediator=amina, any_unnamed=True, any_shared=True)
    for name in ("Paula Party", RIGHT_TO_LEFT):
        NoticeName.objects.create(notice=named, feedback=make_piece(amina), name=name)
    yield _letter("feedback/emails/notice", of_feedback.notice(named.pk))
    report = FeedbackReport.objects.create(feedback=make_piece(amina), reason="It is about somebody else.")
    yield _letter("feedback/emails/report", of_feedback.report(report.pk))


# --- To members, directories, admins and buyers ----------------------------------------------------


def _of_reviewers() -> Iterator[Letter]:
    amina, rosa = make_mediator(name="Amina Okafor"), make_reviewer(name="Rosa Lindqvist", vetted=True)
    waiting = make_pending(amina, rosa)
    yield _letter("reviewers/emails/proposal", of_reviewers.proposal(waiting.pk))
    appointment = make_appointment(make_mediator(name="Amina Okafor"), rosa)
    yield _letter("reviewers/emails/accepted", of_reviewers.accepted(appointment.pk))
    new = make_reviewer(name=LONG)
    unvetted = make_appointment(make_mediator(name="Amina Okafor"), new)
    yield _letter("reviewers/emails/accepted", of_reviewers.accepted(unvetted.pk), "unvetted")
    make_appointment(make_mediator(name=RIGHT_TO_LEFT), new)
    yield _letter("reviewers/emails/vetting", of_reviewers.vetting(new.pk))
    for state, word in ((VettingState.VETTED, ""), (VettingState.REFUSED, "refused")):
        Vetting.objects.filter(reviewer=new).update(state=state, decided_at=clock.now())
        yield _letter("reviewers/emails/vetted", of_reviewers.vetted(new.pk), word)
    News.objects.create(reviewer=rosa, told_at=clock.now(), mediators=[appointment.mediator_id])
    yield _letter("reviewers/emails/news", of_reviewers.news(rosa.pk))
    yield from _of_ended_appointments(appointment)
    yield from _about_digests()


def _of_ended_appointments(appointment: Appointment) -> Iterator[Letter]:
    for state, write, variant in (
        (AppointmentState.DECLINED, of_reviewers.declined, ""),
        (AppointmentState.EXPIRED, of_reviewers.expired, ""),
        (AppointmentState.RESIGNED, of_reviewers.resigned, ""),
        (AppointmentState.ENDED, of_reviewers.ended, ""),
        (AppointmentState.REPLACED, of_reviewers.ended, "replaced"),
    ):
        Appointment.objects.filter(pk=appointment.pk).update(state=state, ended_at=clock.now())
        yield _letter(f"reviewers/emails/{write.__name__}", write(appointment.pk), variant)


def _about_digests() -> Iterator[Letter]:
    checked = make_checked(
        reviewer=make_reviewer(name="Rosa Lindqvist", vetted=True),
        mediator=make_mediator(name="Amina Okafor"),
    )
    yield _letter("reviewers/emails/digest_facts", of_reviewers.digest_facts(checked.pk))
    yield _letter("reviewers/emails/digest_commented", of_reviewers.digest_commented(checked.pk))
    final = make_final(
        reviewer=make_reviewer(name="Rosa Lindqvist", vetted=True),
        mediator=make_mediator(name="Amina Okafor"),
    )
    yield _letter("reviewers/emails/digest_final", of_reviewers.digest_final(final.pk))
    for is_required in (False, True):
        with override_settings(DIGEST_REQUIRED=is_required):
            word = "required" if is_required else "voluntary"
            to_mediator = of_reviewers.digest_due_to_mediator(final.pk)
            to_reviewer = of_reviewers.digest_due_to_reviewer(final.pk)
            yield _letter("reviewers/emails/digest_due", to_mediator, f"{word}-to-mediator")
            yield _letter("reviewers/emails/digest_due", to_reviewer, f"{word}-to-reviewer")


def _of_accounts() -> Iterator[Letter]:
    amina = make_mediator(name="Amina Okafor", access_until=clock.today() + timedelta(days=7))
    rosa = make_reviewer(name="Rosa Lindqvist", access_until=clock.today() + timedelta(days=365))
    place = StaffPlace.objects.create(
        organisation=make_organisation("Harbour Register of Mediators"),
        invite_email="dana@example.org",
        expires_at=clock.now() + timedelta(days=30),
    )
    yield _letter("accounts/emails/place_invitation", of_accounts.place_invitation(place.pk))
    with override_settings(ACCESS_MODE="paid", SHOP_URL="https://shop.example.org/logbook"):
        yield _letter("accounts/emails/access_ends", of_accounts.access_ends(amina.pk))
        never = make_mediator(name="Chloé Marchetti", email="never@example.org")
        for person, word in ((amina, "sooner"), (never, "")):
            yield _letter("accounts/emails/access_ended", of_accounts.access_ended(person.pk), word)
    for person, word in ((amina, ""), (rosa, "reviewer")):
        yield _letter("accounts/emails/order_granted", of_accounts.order_granted(_order_of(person).pk), word)
    order = OrderLine.objects.create(
        order_id=3, line_id=1, months=12, state=OrderState.WAITING, email="greta@example.org"
    )
    yield _letter("accounts/emails/order_waits", of_accounts.order_waits(order.pk))
    yield _letter("accounts/emails/second_factor_reset", of_accounts.second_factor_reset(rosa.pk))
    new = User.objects.create_user("ines@example.org", None, name="Ines Sá")
    yield _letter("accounts/emails/way_in", of_accounts.way_in(new.pk))
    yield _letter("accounts/emails/mail_test", of_accounts.mail_test("admin@example.org"))
    message = ContactMessage(
        kind=MessageKind.PROBLEM, name=LONG, email="greta@example.org", page="/logbook/add/"
    )
    message.text, message.roles = "The button does nothing.\n\nWhat can I do? <b>Thank you.</b>", "mediator"
    message.save()
    yield _letter("accounts/emails/contact", of_accounts.contact(message.pk))
    yield _letter("accounts/emails/contact_arrived", of_accounts.contact_arrived(amina.pk))


def _order_of(person: User) -> OrderLine:
    grant = AccessGrant.objects.create(person=person, months=12, source=AccessSource.ORDER)
    return OrderLine.objects.create(
        order_id=1 + OrderLine.objects.count(), line_id=1, months=12, state=OrderState.GRANTED, grant=grant
    )


def _of_own_data() -> Iterator[Letter]:
    amina = make_mediator(name="Amina Okafor")
    make_appointment(amina, make_reviewer(name="Rosa Lindqvist"))
    yield _letter("own_data/emails/deletion_stopped", of_own_data.deletion_stopped(amina.pk))
    yield _letter("own_data/emails/mediator_stays", of_own_data.mediator_stays(amina.pk))
    User.objects.filter(pk=amina.pk).update(deletion_due_at=clock.now() + timedelta(days=14))
    yield _letter("own_data/emails/deletion_asked", of_own_data.deletion_asked(amina.pk))
    yield _letter("own_data/emails/mediator_leaves", of_own_data.mediator_leaves(amina.pk))


def _of_allauth() -> Iterator[Letter]:
    """In the request, as allauth sends them."""
    request = RequestFactory().get("/")
    request.user = AnonymousUser()
    with request_context(request):
        for template in sorted(template for template in templates() if "/emails/" not in template):
            mail = get_adapter(request).render_mail(template, "amina@example.org", FROM_ALLAUTH)
            yield _letter(template, mail)
