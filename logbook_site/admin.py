"""Django's admin, behind our own door: allauth's login with its limits and second factor; 404 for everyone else."""

from django.contrib import admin
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, URLResolver, path, reverse


class LogbookAdminSite(admin.AdminSite):
    site_header = site_title = "Mediation Logbook"
    index_title = "Desk"

    def get_urls(self) -> list[URLPattern | URLResolver]:
        from logbook_site.own_data.views.desk import delete_account  # it needs the apps

        urls = [
            path(
                "people/<uuid:person_id>/delete-account/",
                self.admin_view(delete_account),
                name="delete_account",
            ),
            *super().get_urls(),
        ]
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
            return inner(request, *args, **kwargs)

        return admins_only

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
