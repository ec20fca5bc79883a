"""Account Settings, My Details, and the answer to an invitation to the staff of an organisation."""

from allauth.mfa.utils import is_mfa_enabled
from allauth.usersessions.views import ListUserSessionsView
from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.choices import Role, Visibility
from accounts.forms import AccountForm, DetailsForm, RoleForm, VisibilityForm
from accounts.limits import is_over
from accounts.models import Appointment, MediatorProfile, StaffPlace, User
from accounts.permissions import may_answer_place, only
from accounts.services import organisations, people
from accounts.services.invitations import id_in
from accounts.summaries import general_link
from accounts.tables import SignInTable

GET_OR_POST = ["GET", "HEAD", "POST"]


def sent(request: HttpRequest) -> QueryDict | None:
    """What was sent with the form. A post without any field was sent, too: it is refused like others."""
    return request.POST if request.method == "POST" else None


@require_http_methods(GET_OR_POST)
def account_settings(request: HttpRequest) -> HttpResponse:
    # A fresh row: a refused form must not change the name that the page's own menu shows.
    person = User.objects.visible_to(request.user).get(pk=request.user.pk)
    form = AccountForm(sent(request), instance=person)
    if request.method == "POST" and form.is_valid():
        people.save_settings(person=form.save(commit=False))
        messages.success(request, _("Your settings are saved."))
        return redirect("account_settings")
    return _settings_page(request, form, RoleForm())


@require_POST
def roles(request: HttpRequest) -> HttpResponse:
    form = RoleForm(request.POST)
    if form.is_valid():
        people.add_role(to=request.user, role=Role(form.cleaned_data["add"]), by=request.user)
        messages.success(request, _("You are now a mediator here, too. Your new pages are in the menu."))
        return redirect("home")
    return _settings_page(request, AccountForm(instance=request.user), form)


def _settings_page(request: HttpRequest, form: AccountForm, role_form: RoleForm) -> HttpResponse:
    context = {
        "form": form,
        "role_form": role_form,
        "roles": sorted(request.user.roles, key=list(Role).index),
        "may_add_mediator": Role.MEDIATOR not in request.user.roles,
        "has_second_factor": is_mfa_enabled(request.user),
    }
    return render(request, "accounts/account_settings.html", context)


@only(Role.MEDIATOR)
@require_http_methods(GET_OR_POST)
def my_details(request: HttpRequest) -> HttpResponse:
    profile = MediatorProfile.objects.visible_to(request.user).get()
    form = DetailsForm(sent(request), instance=profile)
    if request.method == "POST" and form.is_valid():
        people.save_details(profile=form.save(commit=False), by=request.user)
        messages.success(request, _("Your details are saved."))
        return redirect("my_details")
    # A fresh row: a refused form has changed the other one.
    stored = MediatorProfile.objects.visible_to(request.user).get() if form.is_bound else profile
    own = Appointment.objects.visible_to(request.user).filter(mediator=request.user)
    context = {
        "form": form,
        "general_link": general_link(stored),
        "profile": stored,
        "reviewer": own.reviewer_of(request.user),
        "pending": own.pending().select_related("reviewer").first(),
    }
    return render(request, "accounts/my_details.html", context)


@only(Role.MEDIATOR)
@require_http_methods(GET_OR_POST)
def visibility(request: HttpRequest) -> HttpResponse:
    """The question of the first visit, asked in a box on Home; without an answer, on a page of its own."""
    profile = MediatorProfile.objects.visible_to(request.user).get()
    form = VisibilityForm(sent(request), initial={"visibility": profile.visibility})
    if request.method == "POST" and form.is_valid():
        answer = Visibility(form.cleaned_data["visibility"])
        people.answer_visibility(profile=profile, visibility=answer, by=request.user)
        messages.success(
            request,
            _("Directories can see your totals.")
            if answer == Visibility.DIRECTORIES
            else _("Your totals are private."),
        )
        return redirect("home")
    return render(request, "accounts/visibility.html", {"form": form})


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


class SignIns(ListUserSessionsView):
    """allauth's list of sign-ins, in our table."""

    def get_context_data(self, **kwargs) -> dict[str, object]:
        context = super().get_context_data(**kwargs)
        return context | {"table": SignInTable(context["sessions"])}


sessions = SignIns.as_view()
