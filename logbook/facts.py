"""One entry in words: what its page shows, label by label. What is empty is left out."""

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from logbook.models import LogbookEntry
from logbook_site.foundation.hours import show_hours
from logbook_site.foundation.languages import language_name
from logbook_site.foundation.lost_texts import readable


def facts(entry: LogbookEntry) -> list[tuple[str, str]]:
    """Everything but what was learned."""
    pairs = [
        (_("Start"), date_format(entry.started_on) if entry.started_on else ""),
        (_("End") if entry.started_on else _("Date"), date_format(entry.ended_on)),
        (_("Hours"), show_hours(entry.minutes)),
        (_("Preparation"), show_hours(entry.preparation_minutes) if entry.preparation_minutes else ""),
        (_("Role"), entry.get_role_display()),
        (_("Medium"), entry.get_medium_display()),
        (_("Subject"), entry.subject),
        (_("Country"), entry.country.name),
        (_("Language"), language_name(entry.language) if entry.language else ""),
        (_("Parties"), str(entry.parties or "")),
        (_("Outcome"), entry.get_outcome_display()),
        (_("Provider"), entry.provider),
        (_("Real or simulated"), entry.get_setting_display()),
        (_("Paid or pro bono"), entry.get_paid_display()),
        (_("All phases"), entry.get_full_scale_display()),
    ]
    return [(label, value) for label, value in pairs if value]


def learned(entry: LogbookEntry) -> list[tuple[str, str]]:
    """The three texts that only the owner reads."""
    pairs = [
        (_("What I did well"), readable(entry, "did_well")),
        (_("What I found challenging"), readable(entry, "challenges")),
        (_("What I will try next time"), readable(entry, "learnings")),
    ]
    return [(label, text) for label, text in pairs if text]
