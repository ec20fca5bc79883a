"""Addresses of Account Settings about one's own data. The admin's page is in `logbook_site/admin.py`."""

from django.urls import path

from logbook_site.own_data.views import downloads, leaving

urlpatterns = [
    path("account-settings/download/", downloads.download, name="download"),
    path("account-settings/download/<uuid:job_id>/", downloads.download_file, name="download_file"),
    path("account-settings/delete/", leaving.delete_account, name="delete_own_account"),
    path("account-settings/restore/", leaving.restore_account, name="restore_account"),
]
