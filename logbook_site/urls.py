"""Every address of the site."""

from django.conf import settings
from django.contrib import admin
from django.urls import include, path

from logbook_site import device, health, home

urlpatterns = [
    path("", home.home, name="home"),
    path("", include("accounts.urls")),
    path("", include("logbook.urls")),
    path("", include("cpd.urls")),
    path("", include("feedback.urls")),
    path("", include("reviewers.urls")),
    path("", include("directory.urls")),
    path("", include("logbook_site.own_data.urls")),
    path("", include("logbook_site.help.urls")),
    path("accounts/", include("allauth.urls")),
    path("admin/", admin.site.urls),
    path("healthz", health.healthz, name="healthz"),
    path("manifest.webmanifest", device.manifest, name="manifest"),
    # At the root, because a worker answers only for addresses below its own.
    path("worker.js", device.worker, name="worker"),
    path("offline/", device.offline, name="offline"),
]
if settings.DEMO:
    urlpatterns.append(path("demo/", include("logbook_site.demo.urls")))

handler400 = "logbook_site.errors.bad_request"
handler403 = "logbook_site.errors.permission_denied"
handler404 = "logbook_site.errors.page_not_found"
# Not Django's own: allauth asks for it.
handler429 = "logbook_site.errors.too_many_requests"
handler500 = "logbook_site.errors.server_error"
