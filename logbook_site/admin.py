"""Django's admin, behind our own door: allauth's login with its limits and second factor; 404 for everyone else."""

from urllib.parse import unquote

from django.conf import settings
from django.contrib import admin, messages
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import BadRequest
from django.db import IntegrityError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, URLResolver, path, reverse
from django.utils.translation import gettext_lazy as _


def _refusals() -> tuple[type[Exception], ...]:
    from accounts.services.organisations import (
        PlaceRefused,
    )  # the models are not there yet when this file is read
    from accounts.services.people import PersonRefused

    return PlaceRefused, PersonRefused, IntegrityError


class LogbookAdminSite(admin.AdminSite):
    site_header = site_title = settings.SITE_NAME
    index_title = _("Desk")
    index_template = "desk/desk.html"
    # The desk lists all tables; beside each of them they would only take its room.
    enable_nav_sidebar = False

    def get_urls(self) -> list[URLPattern | URLResolver]:
        """The desk's own pages first: the admin's last one catches all."""
        from logbook_site.desk.urls import urlpatterns  # the models are not there yet when this file is read

        own = [path(str(url.pattern), self.admin_view(url.callback), name=url.name) for url in urlpatterns]
        urls = own + super().get_urls()
        for url in urls:
            if isinstance(url, URLPattern) and hasattr(url.callback, "login_url"):
                url.callback.login_url = None  # the one sign-in of the site, not the admin's
        return urls

    def admin_view(self, view, cacheable: bool = False):
        inner = super().admin_view(view, cacheable)

        def admins_only(request: HttpRequest, *args, **kwargs) -> HttpResponse:
            if not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path())
            if not self.has_permission(request):
                raise Http404
            # Lists, forms and their searches hand what was asked on to the database, which takes no zero byte.
            if "\0" in unquote(request.META["QUERY_STRING"]):
                raise BadRequest
            try:
                return inner(request, *args, **kwargs)
            except _refusals() as error:
                # After the form was checked: somebody was faster, or pressed twice.
                faster = _("This was stored a moment ago. Look at what is there now.")
                messages.error(request, getattr(error, "sentence", faster))
                return redirect(request.path)

        return admins_only

    def index(self, request: HttpRequest, extra_context: dict | None = None) -> HttpResponse:
        """What needs a hand, a search, and Django's list of tables below."""
        from logbook_site.desk.needs import ahead, needs
        from logbook_site.desk.views import FindForm

        context = {"needs": needs(), "ahead": ahead(), "form": FindForm()}
        return super().index(request, (extra_context or {}) | context)

    def login(self, request: HttpRequest, extra_context=None) -> HttpResponse:
        """No form of its own: it would know neither limits nor a second factor."""
        if request.user.is_authenticated and not self.has_permission(request):
            raise Http404
        return redirect_to_login(request.GET.get("next") or reverse("admin:index"))

    def logout(self, request: HttpRequest, extra_context=None) -> HttpResponse:
        return redirect("account_logout")

    def password_change(self, request: HttpRequest, extra_context=None) -> HttpResponse:
        return redirect("account_change_password")

    def password_change_done(self, request: HttpRequest, extra_context=None) -> HttpResponse:
        return redirect("account_change_password")
