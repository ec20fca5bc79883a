"""The first page: a landing page for strangers, a Home for everyone else."""

from typing import NamedTuple

from allauth.mfa.utils import is_mfa_enabled
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.choices import Role
from accounts.forms import VisibilityForm
from accounts.models import Appointment, MediatorProfile, User
from logbook_site.foundation.languages import language_names


class ToDo(NamedTuple):
    sentence: str
    word: str
    address: str


@login_not_required
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    if not request.user.is_authenticated:
        return render(request, "home/landing.html")
    roles = request.user.roles
    context = {"is_directory": Role.DIRECTORY in roles, "is_admin": Role.ADMIN in roles}
    context |= _of_mediator(request.user) | _of_reviewer(request.user)
    context["to_do"] = _to_do(request.user, context["profile"])
    return render(request, "home/home.html", context)


def _of_mediator(user: User) -> dict[str, object]:
    profile = MediatorProfile.objects.visible_to(user).first()
    if profile is None:
        return {"profile": None, "visibility_form": None, "languages": []}
    return {
        "profile": profile,
        "visibility_form": None if profile.visibility else VisibilityForm(),
        "languages": language_names(profile.languages),
    }


def _of_reviewer(user: User) -> dict[str, object]:
    if Role.REVIEWER not in user.roles:
        return {"is_reviewer": False, "mediators": []}
    held = Appointment.objects.visible_to(user).accepted().filter(reviewer=user)
    held = held.select_related("mediator").order_by("mediator__name", "id")
    return {"is_reviewer": True, "mediators": [appointment.mediator for appointment in held]}


def _to_do(user: User, profile: MediatorProfile | None) -> list[ToDo]:
    """What makes the account better; nothing here is urgent, and what is done is not named."""
    to_do = []
    if profile and not (profile.country and profile.languages and profile.about):
        to_do.append(
            ToDo(_("Say where you work and in which languages."), _("My Details"), reverse("my_details"))
        )
    if not is_mfa_enabled(user):
        sentence = _("Add a passkey: you sign in with your finger or face.")
        to_do.append(ToDo(sentence, _("Add a passkey"), reverse("mfa_index")))
    return to_do
