from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig


class LogbookSiteConfig(AppConfig):
    name = "logbook_site"


class LogbookAdminConfig(AdminConfig):
    """Django's admin, with our door (see `logbook_site/admin.py`)."""

    default = False
    default_site = "logbook_site.admin.LogbookAdminSite"
