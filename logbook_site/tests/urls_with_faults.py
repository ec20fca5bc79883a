"""The addresses of the site, and some that go wrong on purpose."""

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.http import HttpRequest, HttpResponse
from django.urls import path

from logbook_site.errors import error_page
from logbook_site.urls import handler400, handler403, handler404, handler429, handler500, urlpatterns

__all__ = ["handler400", "handler403", "handler404", "handler429", "handler500"]


@login_not_required
def fault(request: HttpRequest, status: int) -> HttpResponse:
    if status == 400:
        raise SuspiciousOperation("canary@example.org typed this")
    if status == 403:
        raise PermissionDenied("canary@example.org may not")
    if status == 500:
        raise ValueError("canary@example.org broke it")
    return error_page(request, status)


urlpatterns = [*urlpatterns, path("fault/<int:status>/", fault)]
