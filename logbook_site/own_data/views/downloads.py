"""Account Settings: taking one's own data along."""

from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_http_methods

from accounts.models import Job
from accounts.proof import require_proof
from logbook_site.foundation.entries import GET_OR_POST
from logbook_site.own_data.services import downloads


@require_http_methods(GET_OR_POST)
def download(request: HttpRequest) -> HttpResponse:
    """How it stands, and the link when it is ready; a post has it prepared."""
    if request.method == "POST":
        require_proof(request)
        return redirect("job", downloads.begin_download(by=request.user).pk)
    context = {
        "ready": downloads.download_of(request.user),
        "running": downloads.running_download_of(request.user),
        "lives_hours": settings.DOWNLOAD_LIVES_HOURS,
        "is_leaving": request.user.is_leaving,
    }
    return render(request, "own_data/download.html", context)


def download_file(request: HttpRequest, job_id: UUID) -> HttpResponseBase:
    """The file: to its owner alone, signed in, and shown to be them. Nobody else can fetch it, an admin neither."""
    job = get_object_or_404(Job.objects.visible_to(request.user), pk=job_id)
    if request.method not in {"GET", "HEAD"}:
        return HttpResponseNotAllowed(["GET", "HEAD"])
    found = downloads.download_of(request.user)
    if found is None or found.job != job:
        raise Http404
    require_proof(request)
    day = job.finished_at.date().isoformat()
    headers = {
        "Content-Disposition": content_disposition_header(as_attachment=True, filename=f"my-data-{day}.zip"),
        "Content-Length": str(found.size),
    }
    pieces = downloads.open_download(job) if request.method == "GET" else iter([])
    return StreamingHttpResponse(pieces, content_type="application/zip", headers=headers)
