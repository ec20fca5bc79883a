"""Paid access: until when one has it, what was granted, and the form for a code."""

from collections.abc import Callable
from functools import wraps

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.choices import Role
from accounts.forms import CodeForm
from accounts.limits import is_over
from accounts.permissions import only
from accounts.services import codes
from accounts.summaries import access_of
from logbook_site.foundation.entries import GET_OR_POST, sent


def where_access_is_paid(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Where nobody pays, the address does not exist."""

    @wraps(view)
    def guarded(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        if settings.ACCESS_MODE == "open":
            raise Http404
        return view(request, *args, **kwargs)

    return guarded


@where_access_is_paid
@only(Role.MEDIATOR)
@require_http_methods(GET_OR_POST)
def access(request: HttpRequest) -> HttpResponse:
    """A right code works at once and at any time; codes that we do not know are counted."""
    form = CodeForm(sent(request))
    if form.is_bound and form.is_valid():
        try:
            codes.use_code(typed=form.cleaned_data["code"], by=request.user)
        except codes.CodeRefused as refused:
            if refused.is_unknown and is_over("access_code", request):
                return HttpResponse(status=429)
            form.add_error("code", refused.sentence)
        else:
            day = date_format(access_of(request.user).until)
            messages.success(request, _("Thank you. Your access is on until %(day)s.") % {"day": day})
            return redirect("home")
    context = {"access": access_of(request.user), "code_form": form}
    return render(request, "accounts/access.html", context)
