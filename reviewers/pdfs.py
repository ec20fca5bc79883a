"""A Feedback Digest on paper, and as text to paste into a profile. Both say the same."""

from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from logbook_site.foundation.pdf import pdf_response
from reviewers.basis import Basis, kept_basis
from reviewers.choices import DigestState
from reviewers.models import Digest


def digest_pdf(digest: Digest, *, basis: Basis) -> HttpResponse:
    """Raises PdfNotPossible."""
    context = {
        "digest": digest,
        "basis": basis,
        "author": digest.reviewer_name or digest.reviewer.name,
        "is_final": digest.state == DigestState.FINAL,
    }
    return pdf_response("feedback-digest.pdf", "reviewers/digest_pdf.html", context)


def as_text(digest: Digest) -> str:
    """A final digest with what it rests on, who wrote it and when."""
    day = date_format(digest.final_on)
    written = _("Feedback Digest written by %(name)s, %(day)s") % {"name": digest.reviewer_name, "day": day}
    return f"{digest.text}\n\n{kept_basis(digest).line}\n{written}"


def wanted(finals: QuerySet[Digest], asked: str) -> Digest:
    """The final digest with the id that was `asked` for, else the newest. Raises Http404."""
    if asked:
        finals = finals.filter(pk=_id(asked))
    if digest := finals.first():
        return digest
    raise Http404


def _id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
