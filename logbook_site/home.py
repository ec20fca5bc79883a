"""The first page: a landing page for strangers, a Home for everyone else."""

from allauth.mfa.utils import is_mfa_enabled
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.choices import Role
from accounts.forms import VisibilityForm
from accounts.models import Appointment, MediatorProfile


@login_not_required
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    if not request.user.is_authenticated:
        return render(request, "home/landing.html")
    roles = request.user.roles
    context = {"roles": roles, "has_second_factor": is_mfa_enabled(request.user)}
    if Role.MEDIATOR in roles:
        profile = MediatorProfile.objects.visible_to(request.user).get()
        context |= {
            "profile": profile,
            "visibility_form": VisibilityForm() if not profile.visibility else None,
        }
    if Role.REVIEWER in roles:
        context["mediators"] = [
            appointment.mediator
            for appointment in Appointment.objects.visible_to(request.user)
            .accepted()
            .filter(reviewer=request.user)
            .select_related("mediator")
            .order_by("mediator__name", "id")
        ]
    return render(request, "home/home.html", context)
