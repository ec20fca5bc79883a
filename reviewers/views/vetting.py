"""The one page on which IMI checks a Reviewer: reached from the mail, or from the admin."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.models import Appointment, User, Vetting
from reviewers.services import appointing


@require_http_methods(["GET", "HEAD", "POST"])
def vetting(request: HttpRequest, reviewer_id: UUID) -> HttpResponse:
    """Behind the admin's own door. A look changes nothing; one press decides."""
    reviewer = get_object_or_404(
        User.objects.visible_to(request.user).filter(is_reviewer=True), pk=reviewer_id
    )
    if request.method == "POST":
        decide = {"vet": appointing.vet, "refuse": appointing.refuse}.get(request.POST.get("action", ""))
        if decide:
            decide(reviewer=reviewer, by=request.user)
            messages.success(request, _("Stored. The Reviewer is told by e-mail."))
            return redirect("vetting", reviewer_id)
    context = {
        "reviewer": reviewer,
        "vetting": Vetting.objects.filter(reviewer=reviewer).first(),
        "appointments": Appointment.objects.visible_to(request.user)
        .filter(reviewer=reviewer)
        .select_related("mediator")
        .order_by("-created_at", "id"),
    }
    return render(request, "reviewers/vetting.html", context)
