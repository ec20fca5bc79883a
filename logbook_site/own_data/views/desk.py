"""The admin's page to delete somebody's account, if they asked by mail: the same as if they had asked here."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.models import User
from logbook_site.foundation.entries import GET_OR_POST, sent
from logbook_site.own_data.forms import ReasonForm
from logbook_site.own_data.services import leaving
from logbook_site.own_data.summaries import what_goes
from logbook_site.own_data.views.leaving import due_at


@require_http_methods(GET_OR_POST)
def delete_account(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """Behind the admin's own door. Asks for the deletion, or stops it; both need a reason."""
    person = get_object_or_404(User.objects.visible_to(request.user), pk=person_id)
    form = ReasonForm(sent(request))
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        # What the page offered, not what is true now: somebody else may have been faster.
        stops = request.POST.get("action") == "stop"
        try:
            if stops:
                leaving.stop_deletion(person=person, by=request.user, reason=reason)
                messages.success(request, _("Stopped. The person is told by e-mail."))
            else:
                leaving.ask_deletion(person=person, by=request.user, reason=reason)
                messages.success(request, _("The account is closed. The person is told by e-mail."))
            return redirect("admin:delete_account", person_id)
        except leaving.DeletionRefused as refused:
            form.add_error(None, refused.sentence)
    context = {
        "person": person,
        "form": form,
        "goes": what_goes(person),
        "due_at": person.deletion_due_at or due_at(),
    }
    return render(request, "own_data/desk_delete_account.html", context)
