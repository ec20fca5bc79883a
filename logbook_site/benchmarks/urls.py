"""The addresses of the site, and one more page: a base to compare with. Only the benchmark uses this file."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path

from logbook_site import urls as site


def floor(request: HttpRequest) -> HttpResponse:
    """What every page of a member costs."""
    return render(request, "base.html")


handler400, handler403, handler404, handler500 = (
    getattr(site, name, getattr(__import__("django.conf.urls", fromlist=[name]), name))
    for name in ("handler400", "handler403", "handler404", "handler500")
)
urlpatterns = [path("floor/", floor), *site.urlpatterns]
