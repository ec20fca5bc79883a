"""Everything we write to mediators, and to IMI, about feedback: in English."""

from uuid import UUID

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage
from django.urls import reverse
from django.utils import translation
from django.utils.html import format_html
from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from accounts.choices import VettingState
from accounts.models import Appointment, User, Vetting
from feedback.models import FeedbackReport, FeedbackRequest, Notice
from logbook_site.foundation.forms import one_line, validate_plain_words
from logbook_site.foundation.lost_texts import is_lost
from logbook_site.foundation.mail import write_mail
from logbook_site.foundation.text import fold


def not_sent(batch: UUID) -> EmailMessage | None:
    """To the mediator: some of the invitations of one request never left, and nobody can read them any more."""
    lost = FeedbackRequest.objects.filter(batch=batch, is_lost=True, mediator__in=User.objects.staying())
    first = lost.select_related("mediator").first()
    if first is None:
        return None
    context = {
        "mediator": first.mediator,
        "number": lost.count(),
        "asked_on": first.created_at,
        "link": settings.SITE_URL + reverse("feedback_request"),
    }
    return write_mail("feedback/not_sent", context, to=first.mediator.email, language=settings.LANGUAGE_CODE)


def notice(notice_id: UUID) -> EmailMessage | None:
    """To the mediator, once a slot: feedback was left. No number, no time, and names only where allowed."""
    staying = User.objects.staying()
    stored = Notice.objects.filter(pk=notice_id, mediator__in=staying).select_related("mediator").first()
    if stored is None:
        return None
    rows = list(stored.names.all())
    if not rows and not stored.any_unnamed:
        return None  # all of them took it back while the mail waited
    names = {one_line(row.name) for row in rows if not is_lost(row, "name")}
    told = set(filter(_is_plain, names))
    any_unnamed = stored.any_unnamed or told < names or any(is_lost(row, "name") for row in rows)
    reviewer = Appointment.objects.reviewer_of(stored.mediator)
    in_order = sorted(told, key=lambda name: (fold(name), name))
    with translation.override(settings.LANGUAGE_CODE):
        sentence = _left_by(len(in_order), any_unnamed)
    context = {
        "mediator": stored.mediator,
        "left_by": sentence.format(*in_order),
        "left_by_in_html": format_html(sentence, *map(_isolated, in_order)) if in_order else sentence,
        # Whoever finds the general survey may type any name.
        "are_named": bool(in_order),
        "any_shared": stored.any_shared,
        "reviewer": reviewer,
        "is_vetted": not settings.REVIEWER_VETTING or _is_vetted(reviewer),
        "link": settings.SITE_URL + reverse("my_feedback"),
        "details_link": settings.SITE_URL + reverse("my_details"),
    }
    return write_mail("feedback/notice", context, to=stored.mediator.email, language=settings.LANGUAGE_CODE)


def _is_plain(name: str) -> bool:
    """No address: with the general survey a stranger could else lead a mediator there, in a mail of ours."""
    try:
        validate_plain_words(name)
    except ValidationError:
        return False
    return True


def _left_by(number: int, others: bool) -> str:
    """“{}, {} and others”, or “a party”, with a place for each of `number` names; never how many others."""
    if not number:
        return _("a party")
    return get_text_list(["{}"] * number + ([_("others")] if others else []), _("and"))


def _isolated(name: str) -> str:
    return format_html("<bdi>{}</bdi>", name)


def _is_vetted(reviewer: User | None) -> bool:
    return Vetting.objects.filter(reviewer=reviewer, state=VettingState.VETTED).exists()


def report(report_id: UUID) -> EmailMessage | None:
    """To IMI: a mediator asks to look at a piece. What was written stays on the site."""
    stored = FeedbackReport.objects.filter(pk=report_id).first()
    if stored is None or not settings.SUPPORT_EMAIL:
        return None
    path = reverse("admin:feedback_feedbackreport_change", args=[stored.pk])
    with translation.override(settings.LANGUAGE_CODE):
        return write_mail(
            "feedback/report",
            {"link": settings.SITE_URL + path},
            to=settings.SUPPORT_EMAIL,
            language=settings.LANGUAGE_CODE,
        )
