"""How a spreadsheet becomes logbook entries: the same rules as in the form, told row by row."""

from collections.abc import Iterable, Iterator
from uuid import UUID

from django.core.exceptions import ValidationError
from django.urls import reverse_lazy
from django.utils.formats import date_format
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django_countries import countries

from accounts.choices import ImportKind
from accounts.models import Import, User
from accounts.services import imports
from logbook import services
from logbook.choices import EntryRole, FullScale, Medium, Outcome, Paid, Setting
from logbook.import_words import FIELDS, VALUES
from logbook.models import LogbookEntry
from logbook.querysets import LogbookEntryQuerySet
from logbook_site.foundation.entry_forms import not_in_future, not_too_early
from logbook_site.foundation.hours import show_hours
from logbook_site.foundation.importing import saving
from logbook_site.foundation.importing.fields import (
    ChoiceField,
    DayField,
    NumberField,
    TextField,
    TimeField,
    long_text,
)
from logbook_site.foundation.importing.plan import Plan
from logbook_site.foundation.languages import language_choices

A_DAY = 24 * 60  # minutes
MINUTES = {"hours": "minutes", "preparation_hours": "preparation_minutes"}  # field of the form → column


class LogbookPlan(Plan):
    kind = ImportKind.LOGBOOK
    fields = [
        DayField("ended_on", _("End date"), required=True),
        DayField("started_on", _("Start date")),
        TextField("title", _("Reference")),
        TimeField("hours", _("Hours"), required=True),
        ChoiceField("role", _("Role"), required=True, choices_now=lambda: EntryRole.choices),
        ChoiceField("medium", _("Medium"), required=True, choices_now=lambda: Medium.choices),
        TimeField("preparation_hours", _("Preparation hours"), allow_zero=True),
        TextField("subject", _("Subject")),
        ChoiceField("country", _("Country"), choices_now=lambda: list(countries)),
        ChoiceField("language", _("Language"), choices_now=language_choices),
        NumberField("parties", _("Number of parties")),
        ChoiceField("outcome", _("Outcome"), choices_now=lambda: Outcome.choices),
        TextField("provider", _("Provider")),
        ChoiceField("setting", _("Real or simulated"), choices_now=lambda: Setting.choices),
        ChoiceField("paid", _("Paid or pro bono"), choices_now=lambda: Paid.choices),
        ChoiceField("full_scale", _("Full scale"), choices_now=lambda: FullScale.choices),
        long_text("did_well", _("What I did well")),
        long_text("challenges", _("What I found challenging")),
        long_text("learnings", _("What I will try next time")),
    ]
    words, values = FIELDS, VALUES
    needs = [("ended_on",), ("hours",)]
    day = "ended_on"
    usual_title = _("Mediation")
    work = "logbook.imports.save_in_background"

    heading = _("Bring your spreadsheet into the logbook")
    back = (reverse_lazy("logbook"), _("Back to the logbook"))
    brief_headings = [_("Date"), _("Reference"), _("Role"), _("Medium"), _("Hours")]

    def count(self, number: int) -> str:
        return ngettext("%(number)d mediation", "%(number)d mediations", number) % {"number": number}

    def brief(self, values: dict) -> list[str]:
        return [
            date_format(values["ended_on"]),
            values["title"],
            str(EntryRole(values["role"]).label),
            str(Medium(values["medium"]).label),
            show_hours(values["hours"]),
        ]

    def problems(self, values: dict) -> Iterator[tuple[str, str]]:
        try:
            not_in_future(values["ended_on"])
        except ValidationError as error:
            yield "ended_on", error.message

    def doubts(self, values: dict) -> Iterator[tuple[str, str]]:
        started_on, ended_on = values.get("started_on"), values["ended_on"]
        if started_on:
            try:
                not_too_early(started_on)
            except ValidationError as error:
                yield "started_on", error.message
                started_on = values["started_on"] = None
        if started_on and started_on > ended_on:
            yield "started_on", _now("The start is after the end. It would stay empty.")
            started_on = values["started_on"] = None
        days = (ended_on - (started_on or ended_on)).days + 1
        if values["hours"] > days * A_DAY:
            sentence = _now("%(hours)s is more than 24 hours for each day.")
            yield "hours", sentence % {"hours": show_hours(values["hours"])}

    def entry(self, values: dict, stored: Import) -> LogbookEntry:
        given = {MINUTES.get(name, name): value for name, value in values.items() if value not in (None, "")}
        return LogbookEntry(owner=stored.owner, imported_in=stored, **given)

    def own(self, by: User) -> LogbookEntryQuerySet:
        return LogbookEntry.objects.visible_to(by)

    def save(self, entries: Iterable[LogbookEntry], by: User) -> None:
        services.save_entries(entries=entries, by=by)

    def undo(self, stored: Import, *, changed_too: bool, by: User) -> int:
        return services.undo_import(stored=stored, changed_too=changed_too, by=by)


PLAN = LogbookPlan()


def save_in_background(job_id: UUID) -> str:
    """The worker's part for a large file; returns where its owner finds the result."""
    return saving.save_in_background(PLAN, imports, job_id)
