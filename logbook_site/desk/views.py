"""The pages about people. Behind the admin's own door, see `logbook_site/admin.py`."""

from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import User
from accounts.services.people import PersonRefused
from logbook_site.desk.person import parts_of, trail_of
from logbook_site.desk.search import MOST_FOUND, people_found_by
from logbook_site.desk.steps import STEP_OF, steps_for
from logbook_site.foundation.entries import GET_OR_POST, sent


class FindForm(forms.Form):
    q = forms.CharField(
        label=gettext_lazy("Name, or any e-mail address"),
        max_length=254,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
        error_messages={"required": gettext_lazy("Enter a name or an e-mail address.")},
    )


@require_safe
def find(request: HttpRequest) -> HttpResponse:
    """One match opens at once."""
    form = FindForm(request.GET if "q" in request.GET else None)
    found = []
    if form.is_valid():
        found = list(people_found_by(form.cleaned_data["q"], by=request.user))
        if len(found) == 1:
            return redirect("admin:person", found[0].pk)
    context = {
        "form": form,
        "asked": form.is_bound and form.is_valid(),
        "found": found[:MOST_FOUND],
        "is_more": len(found) > MOST_FOUND,
    }
    return render(request, "desk/find.html", context)


@require_safe
def person(request: HttpRequest, person_id: UUID) -> HttpResponse:
    found = get_object_or_404(User.objects.visible_to(request.user), pk=person_id)
    context = {
        "person": found,
        "parts": parts_of(found),
        "steps": steps_for(found, by=request.user),
        "trail": trail_of(found),
    }
    return render(request, "desk/person.html", context)


@require_http_methods(GET_OR_POST)
def step(request: HttpRequest, person_id: UUID, name: str) -> HttpResponse:
    """What will happen, in words; a post does it."""
    found = get_object_or_404(User.objects.visible_to(request.user), pk=person_id)
    asked = STEP_OF.get(name)
    if asked is None:
        raise Http404
    if not asked.is_open(request.user, found):
        messages.info(request, _("There is nothing to do here any more."))
        return redirect("admin:person", person_id)
    form = asked.form(sent(request))
    if request.method == "POST" and form.is_valid():
        try:
            asked.take(found, request.user, **form.cleaned_data)
        except PersonRefused as refused:
            form.add_error(None, refused.sentence)
        else:
            messages.success(request, asked.done)
            return redirect("admin:person", person_id)
    return render(request, "desk/step.html", {"person": found, "step": asked, "form": form})
