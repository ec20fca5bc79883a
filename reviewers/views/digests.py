"""The Reviewer's page of a Feedback Digest: the answers beside the text, and each step on its way."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.formats import time_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.choices import Role
from accounts.limits import is_over
from accounts.models import User
from accounts.permissions import only
from logbook_site.foundation.pdf import PdfNotPossible
from reviewers.basis import kept_basis
from reviewers.choices import DigestState
from reviewers.forms import DigestForm
from reviewers.models import Digest
from reviewers.pdfs import digest_pdf, wanted
from reviewers.services import digests
from reviewers.views.reviewing import own_mediator
from reviewers.writing import Desk


@only(Role.REVIEWER)
@own_mediator
@require_http_methods(["GET", "HEAD", "POST"])
def digest(request: HttpRequest, mediator: User) -> HttpResponse:
    if request.method != "POST":
        return _page(request, mediator)
    act = {"save": _save, "facts": _facts, "final": _final}.get(request.POST.get("action", ""))
    form = DigestForm(request.POST, needs_text=act in (_facts, _final))
    if act is None:
        form.add_error(None, _("We did not understand that button. Your text is not saved yet."))
    if not form.is_valid():
        return _refused(request, mediator, form)
    try:
        return act(request, mediator, form.cleaned_data)
    except digests.DigestConflict as conflict:
        return _conflict(request, mediator, form, conflict.digest)
    except digests.DigestRefused as refused:
        form.add_error("text", refused.sentence)
        return _refused(request, mediator, form)


def _save(request: HttpRequest, mediator: User, typed: dict) -> HttpResponse:
    stored = digests.save_draft(
        mediator=mediator, by=request.user, text=typed["text"], version=typed["version"]
    )
    if _is_script(request):
        return JsonResponse(
            {"version": stored.version, "saved_at": time_format(localtime(stored.changed_at))}
        )
    messages.success(request, _("Saved. Nobody but you can read it."))
    return redirect("digest", mediator.pk)


def _facts(request: HttpRequest, mediator: User, typed: dict) -> HttpResponse:
    if is_over("digest_facts", request):
        raise digests.DigestRefused(
            _(
                "You have sent texts for a check of facts very often today. Save this one, and send it tomorrow."
            )
        )
    digests.send_for_facts(mediator=mediator, by=request.user, **typed)
    messages.success(request, _("Sent. The mediator is told by e-mail, and can read it now."))
    return redirect("digest", mediator.pk)


def _final(request: HttpRequest, mediator: User, typed: dict) -> HttpResponse:
    digests.finish(mediator=mediator, by=request.user, **typed)
    messages.success(request, _("The digest is final, and the mediator is told by e-mail. Thank you."))
    for sentence in Desk(request.user, mediator).advice(typed["text"]):
        messages.warning(request, sentence)
    return redirect("digest", mediator.pk)


def _is_script(request: HttpRequest) -> bool:
    """Saved on its own while somebody types: answers in numbers, not in pages."""
    return "application/json" in request.headers.get("Accept", "")


def _refused(request: HttpRequest, mediator: User, form: DigestForm) -> HttpResponse:
    if _is_script(request):
        return JsonResponse({"refused": " ".join(sum(form.errors.values(), []))})
    return _page(request, mediator, form=form)


def _conflict(request: HttpRequest, mediator: User, form: DigestForm, stored: Digest) -> HttpResponse:
    """Both texts, so that nothing is lost; whoever saves now has seen the other one."""
    if _is_script(request):
        return JsonResponse({"version": stored.version}, status=409)
    typed = DigestForm(initial={"text": form.cleaned_data["text"], "version": stored.version})
    return _page(request, mediator, form=typed, stored=stored, status=409)


def _page(
    request: HttpRequest,
    mediator: User,
    *,
    form: DigestForm | None = None,
    stored: Digest | None = None,
    status: int = 200,
) -> HttpResponse:
    desk = Desk(request.user, mediator)
    form = form or DigestForm(initial={"text": desk.digest.text, "version": desk.digest.version})
    is_being_checked = desk.is_with_mediator and not desk.is_check_over and stored is None
    if is_being_checked:
        form.fields["text"].widget.attrs["readonly"] = True
    is_advised = desk.gone or form.is_bound or not desk.is_new
    context = {
        "desk": desk,
        "mediator": mediator,
        "form": form,
        "stored": stored,
        "is_being_checked": is_being_checked,
        # Only a draft: to save anything else is a step that somebody must want.
        "is_autosaved": not desk.is_with_mediator and stored is None,
        # What was final a moment ago needs none: it was given when that was finished.
        "advice": desk.advice(form["text"].value() or "") if is_advised else [],
    }
    return render(request, "reviewers/digest.html", context, status=status)


@only(Role.REVIEWER)
@own_mediator
@require_safe
def pdf(request: HttpRequest, mediator: User) -> HttpResponse:
    """The text as it is now, marked as a draft; or, by `?of=`, a final version."""
    desk = Desk(request.user, mediator)
    of, asked = desk.digest, request.GET.get("of", "")
    if asked or desk.is_new:
        finals = Digest.objects.written_by(request.user).filter(mediator=mediator).final()
        of = wanted(finals, asked)
    try:
        return digest_pdf(of, basis=kept_basis(of) if of.state == DigestState.FINAL else desk.basis)
    except PdfNotPossible as error:
        messages.error(request, error.sentence)
        return redirect("digest", mediator.pk)
