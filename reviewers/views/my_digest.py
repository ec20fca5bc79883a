"""The mediator's page of the Feedback Digest: a check of facts, and what is final. Nothing of what it rests on."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.choices import Role
from accounts.models import MediatorProfile
from accounts.permissions import only
from logbook_site.foundation.pdf import PdfNotPossible
from reviewers.basis import kept_basis
from reviewers.forms import CommentForm
from reviewers.models import Digest
from reviewers.pdfs import as_text, digest_pdf, wanted
from reviewers.querysets import reviewer_reading
from reviewers.services import digests


class FinalDigest:
    """One final version, in words."""

    def __init__(self, digest: Digest) -> None:
        self.digest = digest
        self.basis = kept_basis(digest)
        self.to_copy = as_text(digest)


@only(Role.MEDIATOR)
@require_http_methods(["GET", "HEAD", "POST"])
def my_digest(request: HttpRequest) -> HttpResponse:
    checked = Digest.objects.visible_to(request.user).in_check().first()
    if request.method != "POST":
        return _page(request, checked)
    form = CommentForm(request.POST)
    if checked is None:
        form.add_error(
            None, _("There is no digest to check now. Your comment was not sent; it is kept below.")
        )
    if form.is_valid():
        named = form.cleaned_data["version"]
        try:
            digests.comment(
                digest=checked,
                comment=form.cleaned_data["comment"],
                version=checked.version if named is None else named,
                by=request.user,
            )
        except digests.DigestRefused as refused:
            form.add_error("comment", refused.sentence)
        else:
            messages.success(request, _("Your comment was sent. Your Reviewer decides what to change."))
            return redirect("my_digest")
    return _page(request, checked, form)


def _page(request: HttpRequest, checked: Digest | None, form: CommentForm | None = None) -> HttpResponse:
    finals = Digest.objects.visible_to(request.user).final()
    profile = MediatorProfile.objects.visible_to(request.user).values_list("imi_profile", flat=True)
    context = {
        "checked": checked,
        "basis": kept_basis(checked) if checked else None,
        "form": form or CommentForm(initial={"version": checked.version if checked else None}),
        "finals": [FinalDigest(digest) for digest in finals],
        "reviewer": reviewer_reading(request.user),
        "imi_profile": profile.first() or "",
    }
    return render(request, "reviewers/my_digest.html", context)


@only(Role.MEDIATOR)
@require_safe
def pdf(request: HttpRequest) -> HttpResponse:
    """The newest final version; by `?of=`, an earlier one."""
    final = wanted(Digest.objects.visible_to(request.user).final(), request.GET.get("of", ""))
    try:
        return digest_pdf(final, basis=kept_basis(final))
    except PdfNotPossible as error:
        messages.error(request, error.sentence)
        return redirect("my_digest")
