"""The page on which somebody waits for long work of their own."""

from datetime import timedelta
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import get_object_or_404, redirect, render

from accounts.choices import JobState
from accounts.models import Job
from accounts.services import jobs
from logbook_site.foundation import clock
from logbook_site.foundation.entries import GET_OR_POST

LATE = timedelta(minutes=2)
LOOKS_AGAIN_SECONDS = 3


def job(request: HttpRequest, job_id: UUID) -> HttpResponse:
    """Looks again by itself until the work is done, then leads to the result. A post tries again what failed."""
    stored = get_object_or_404(Job.objects.visible_to(request.user), pk=job_id)
    if request.method not in GET_OR_POST:
        return HttpResponseNotAllowed(GET_OR_POST)
    if stored.state == JobState.DONE:
        return redirect(stored.result)
    if request.method == "POST" and stored.state == JobState.FAILED:
        again, _is_new = jobs.begin_job(owner=request.user, work=stored.work, about=stored.about)
        return redirect("job", again.pk)
    context = {
        "job": stored,
        "is_failed": stored.state == JobState.FAILED,
        "is_late": stored.created_at < clock.now() - LATE,
        "seconds": LOOKS_AGAIN_SECONDS,
    }
    return render(request, "accounts/job.html", context)
