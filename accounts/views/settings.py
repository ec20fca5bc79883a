"""Account Settings: name and time zone, roles, sign-ins."""

from allauth.mfa.utils import is_mfa_enabled
from allauth.usersessions.views import ListUserSessionsView
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.choices import Role
from accounts.forms import AccountForm, CodeForm, RoleForm
from accounts.limits import is_over
from accounts.models import User
from accounts.services import people
from accounts.summaries import access_of
from accounts.tables import SignInTable
from logbook_site.foundation.entries import GET_OR_POST, sent
from logbook_site.foundation.lists import drawn_table


@require_http_methods(GET_OR_POST)
def account_settings(request: HttpRequest) -> HttpResponse:
    # A fresh row: a refused form must not change the name that the page's own menu shows.
    person = User.objects.visible_to(request.user).get(pk=request.user.pk)
    form = AccountForm(sent(request), instance=person)
    if request.method == "POST" and form.is_valid():
        if "name" in form.changed_data and is_over("name", request):
            return HttpResponse(status=429)
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
    pays = settings.ACCESS_MODE == "paid" and Role.MEDIATOR in request.user.roles
    context = {
        "form": form,
        "role_form": role_form,
        "access": access_of(request.user) if pays else None,
        "code_form": CodeForm(),
        "roles": sorted(request.user.roles, key=list(Role).index),
        "may_add_mediator": Role.MEDIATOR not in request.user.roles,
        "has_second_factor": is_mfa_enabled(request.user),
    }
    return render(request, "accounts/account_settings.html", context)


class SignIns(ListUserSessionsView):
    """allauth's list of sign-ins, in our table."""

    def get_context_data(self, **kwargs) -> dict[str, object]:
        context = super().get_context_data(**kwargs)
        table = drawn_table(SignInTable, context["sessions"])
        return context | {"table": table, "most": settings.SIGN_INS_AT_ONCE}


sessions = SignIns.as_view()
