"""Account Settings: deleting one's account, and the one page that is left until it is gone."""

from datetime import datetime

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.limits import is_over
from accounts.proof import require_proof
from logbook_site.foundation import clock
from logbook_site.foundation.entries import GET_OR_POST, sent
from logbook_site.own_data.forms import DeleteForm
from logbook_site.own_data.services import leaving
from logbook_site.own_data.services.downloads import download_of, running_download_of
from logbook_site.own_data.summaries import what_goes


@require_http_methods(GET_OR_POST)
def delete_account(request: HttpRequest) -> HttpResponse:
    """What goes, when, and what stays; then the password. A look changes nothing."""
    form = DeleteForm(sent(request), person=request.user)
    if request.method == "POST":
        if not form.fields:
            require_proof(request)
        if form.is_valid():
            if is_over("leaving", request):
                return HttpResponse(status=429)
            try:
                leaving.ask_deletion(
                    person=request.user, by=request.user, but_for=request.session.session_key
                )
                return redirect("restore_account")
            except leaving.DeletionRefused as refused:
                form.add_error(None, refused.sentence)
    context = {"form": form, "goes": what_goes(request.user), "due_at": due_at()}
    return render(request, "own_data/delete_account.html", context)


@require_http_methods(GET_OR_POST)
def restore_account(request: HttpRequest) -> HttpResponse:
    """The page behind every address of somebody who leaves. A post opens the account again."""
    if request.method == "POST":
        leaving.stop_deletion(person=request.user, by=request.user)
        messages.success(request, _("Your account is open again."))
        return redirect("home")
    if not request.user.is_leaving:
        return redirect("account_settings")
    context = {
        "due_at": request.user.deletion_due_at,
        "has_download": bool(download_of(request.user) or running_download_of(request.user)),
    }
    return render(request, "own_data/leaving.html", context)


def due_at() -> datetime:
    """When an account goes that is closed now."""
    return clock.now() + clock.hours(settings.ACCOUNT_DELETION_HOURS)
