"""Columns of the lists on account pages."""

import django_tables2 as tables
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from logbook_site.foundation.lists import ListTable

# The first that is found names the browser: many claim to be others as well.
BROWSERS = [
    ("Edg", "Edge"),
    ("OPR", "Opera"),
    ("Firefox", "Firefox"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
]
SYSTEMS = ["Android", "iPhone", "iPad", "Windows", "Macintosh", "Linux"]


def browser_name(user_agent: str) -> str:
    """What a person calls it, for example “Firefox, Android”; only what the browser says of itself."""
    browser = next((name for mark, name in BROWSERS if mark in user_agent), _("Another program"))
    system = next((name for name in SYSTEMS if name in user_agent), "")
    return f"{browser}, {system}" if system else browser


class SignInTable(ListTable):
    """Where a person is signed in."""

    created_at = tables.Column(verbose_name=gettext_lazy("Since"))
    user_agent = tables.Column(verbose_name=gettext_lazy("Browser"))
    ip = tables.Column(verbose_name=gettext_lazy("Network address"))

    class Meta:
        orderable = False
        empty_text = gettext_lazy("Nothing to show.")
        attrs = {"caption": gettext_lazy("Your sign-ins")}

    def cells(self, record) -> list[str]:
        browser = browser_name(record.user_agent)
        if record.is_current():
            browser = format_html('{} <span class="tag">{}</span>', browser, _("this one"))
        return [date_format(localtime(record.created_at), "DATETIME_FORMAT"), browser, record.ip]
