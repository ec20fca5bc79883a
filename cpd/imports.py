"""How a spreadsheet becomes CPD entries: the same rules as in the form, told row by row."""

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
from cpd import services
from cpd.choices import CpdKind
from cpd.import_words import FIELDS, VALUES
from cpd.models import CpdEntry
from cpd.points import parse_points, show_points
from cpd.querysets import CpdEntryQuerySet
from logbook_site.foundation.entry_forms import not_in_future
from logbook_site.foundation.hours import show_hours
from logbook_site.foundation.importing import saving
from logbook_site.foundation.importing.fields import (
    ChoiceField,
    DayField,
    Field,
    Manner,
    TextField,
    TimeField,
    Value,
    long_text,
)
from logbook_site.foundation.importing.plan import Plan
from logbook_site.foundation.sheets import Cell, CellProblem, in_text


class PointsField(Field):
    def read(self, cell: Cell, manner: Manner) -> Value:
        try:
            return Value(parse_points(in_text(cell)))
        except ValidationError as error:
            raise CellProblem(str(error.message)) from error


class CpdPlan(Plan):
    kind = ImportKind.CPD
    fields = [
        DayField("completed_on", _("Date"), required=True),
        TextField("title", _("Title"), required=True, most_letters=200),
        ChoiceField("kind", _("Kind"), required=True, choices_now=lambda: CpdKind.choices),
        TimeField("hours", _("Hours"), allow_zero=True),
        PointsField("points", _("Points")),
        TextField("provider", _("Provider")),
        ChoiceField("country", _("Country"), choices_now=lambda: list(countries)),
        long_text("takeaways", _("What I take away")),
    ]
    words, values = FIELDS, VALUES
    needs = [("completed_on",), ("title",), ("hours", "points")]
    day = "completed_on"
    work = "cpd.imports.save_in_background"

    heading = _("Bring your spreadsheet into your CPD")
    back = (reverse_lazy("cpd"), _("Back to CPD"))
    brief_headings = [_("Date"), _("Title"), _("Kind"), _("Hours"), _("Points")]

    def count(self, number: int) -> str:
        return ngettext("%(number)d CPD entry", "%(number)d CPD entries", number) % {"number": number}

    def brief(self, values: dict) -> list[str]:
        minutes, points = values.get("hours"), values.get("points")
        return [
            date_format(values["completed_on"]),
            values["title"],
            str(CpdKind(values["kind"]).label),
            show_hours(minutes) if minutes else "",
            show_points(points) if points else "",
        ]

    def problems(self, values: dict) -> Iterator[tuple[str, str]]:
        try:
            not_in_future(values["completed_on"])
        except ValidationError as error:
            yield "completed_on", error.message
        if not values.get("hours") and not values.get("points"):
            yield "hours", _now("Neither hours nor points.")

    def entry(self, values: dict, stored: Import) -> CpdEntry:
        given = {name: value for name, value in values.items() if value not in (None, "")}
        minutes = given.pop("hours", None) or None  # no hours are none, not zero
        return CpdEntry(owner=stored.owner, imported_in=stored, minutes=minutes, **given)

    def own(self, by: User) -> CpdEntryQuerySet:
        return CpdEntry.objects.visible_to(by)

    def save(self, entries: Iterable[CpdEntry], by: User) -> None:
        services.save_entries(entries=entries, by=by)

    def undo(self, stored: Import, *, changed_too: bool, by: User) -> int:
        return services.undo_import(stored=stored, changed_too=changed_too, by=by)


PLAN = CpdPlan()


def save_in_background(job_id: UUID) -> str:
    """The worker's part for a large file; returns where its owner finds the result."""
    return saving.save_in_background(PLAN, imports, job_id)
