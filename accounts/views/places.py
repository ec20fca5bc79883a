"""The answer to an invitation to the staff of an organisation."""

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.limits import is_over
from accounts.models import StaffPlace
from accounts.permissions import may_answer_place
from accounts.services import organisations
from accounts.services.invitations import id_in
from logbook_site.foundation.entries import GET_OR_POST


@login_not_required
@require_http_methods(GET_OR_POST)
def place_invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Read by anyone who has the link, answered only by the account whose confirmed address was invited."""
    place = StaffPlace.objects.open().filter(pk=id_in(token)).select_related("organisation").first()
    if request.method == "POST":
        if not request.user.is_authenticated:
            return redirect_to_login(request.path)
        if place is None or not may_answer_place(request.user, place):
            raise Http404
        return _answer_place(request, place)
    if place is None:
        return HttpResponse(status=429 if is_over("unknown_link", request) else 410)
    return _place_page(request, place, forms.Form())


def _answer_place(request: HttpRequest, place: StaffPlace) -> HttpResponse:
    form = forms.Form(request.POST)
    try:
        if request.POST.get("action") == "decline":
            organisations.decline_place(place=place, by=request.user)
            messages.success(request, _("Declined. You get no access."))
            return redirect("home")
        if request.POST.get("action") == "accept":
            organisations.accept_place(place=place, by=request.user)
            messages.success(request, _("Thank you. You can now look up mediators."))
            return redirect("home")
        form.add_error(None, _("Choose “Accept” or “Decline”."))
    except organisations.PlaceRefused as refused:
        form.add_error(None, refused.sentence)
    return _place_page(request, place, form)


def _place_page(request: HttpRequest, place: StaffPlace, form: forms.Form) -> HttpResponse:
    known = request.user.is_authenticated
    context = {
        "form": form,
        "organisation": place.organisation,
        "expires_at": place.expires_at,
        "may_answer": known and may_answer_place(request.user, place),
        "present": request.user.place if known else None,
    }
    return render(request, "accounts/place_invitation.html", context)
