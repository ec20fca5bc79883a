"""Logbook, learnings, professional development, and who looked at the totals."""

from collections.abc import Iterator

from django.db.models import QuerySet
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from accounts.models import Import, User
from cpd import exports as cpd_exports
from cpd.evidence import place_of
from cpd.models import CpdEntry
from directory.models import Look
from logbook import exports as logbook_exports
from logbook.models import LogbookEntry
from logbook_site.own_data.download_map.people import NUMBER, YOU
from logbook_site.own_data.tables import CHUNK, Column, Table

FROM_FILE = "Which file it came from: known only while that can be undone; the file itself is not kept."
FOLDED = "The same words once more, without case and accents."
DATES = {"created_at": _("Added"), "changed_at": _("Changed"), "deleted_at": _("Deleted")}


def mediations(person: User) -> QuerySet:
    return LogbookEntry.objects.filter(owner=person).order_by("ended_on", "id")


def development(person: User) -> QuerySet:
    return CpdEntry.objects.filter(owner=person).order_by("completed_on", "id")


def place_in_download(entry: CpdEntry) -> str:
    """The name of its evidence in the download; empty without any."""
    if not entry.evidence_file or not place_of(entry.evidence_file).exists():
        return ""
    ending = entry.evidence_file.rpartition(".")[2]
    return f"evidence/{entry.completed_on.isoformat()}-{entry.pk.hex[:8]}.{ending}"


def _known_export(exports, entries) -> tuple[list, Iterator[list]]:
    """The headings and rows of the page's own export, which our import knows, and the three dates behind them."""
    headings = [*exports.headings(True), *map(str, DATES.values())]
    rows = zip(exports.rows(entries, True), _dates(entries), strict=True)
    return headings, (row + dates for row, dates in rows)


def _dates(entries) -> Iterator[list]:
    for moments in entries.values_list(*DATES).iterator(chunk_size=CHUNK):
        yield [f"{moment:%Y-%m-%d %H:%M}" if moment else "" for moment in moments]


def _cpd_sheet(person: User) -> tuple[list, Iterator[list]]:
    entries = development(person)
    headings, rows = _known_export(cpd_exports, entries)
    files = map(place_in_download, entries.iterator(chunk_size=CHUNK))
    return [*headings, _now("File")], ([*row, file] for row, file in zip(rows, files, strict=True))


def _looks(person: User) -> list[dict[str, object]]:
    """As the page shows them: with the name, while that person has an account."""
    looks = list(Look.objects.filter(mediator=person).order_by("day", "id"))
    people = User.objects.filter(pk__in={look.person_id for look in looks})
    names = dict(people.values_list("pk", "name"))
    return [
        {
            "day": look.day,
            "organisation_name": look.organisation_name,
            "person_id": names.get(look.person_id, ""),
        }
        for look in looks
    ]


TOLD = {
    "logbook.LogbookEntry": (
        Table(
            "logbook",
            _("Your logbook, with what you learned; deleted entries, too, while they can be brought back."),
            mediations,
            dict.fromkeys(
                [
                    "id", "ended_on", "started_on", "title", "role", "medium", "minutes", "preparation_minutes",
                    "subject", "country", "language", "parties", "outcome", "provider", "setting", "paid",
                    "full_scale", "did_well", "challenges", "learnings", *DATES,
                ],
                "",
            ),
            {
                "owner": YOU,
                "imported_in": FROM_FILE,
                "folded": FOLDED,
                "folded_subject": FOLDED,
                "totals_group": "Year, role, medium and setting once more, in one number.",
            },
            lambda person: _known_export(logbook_exports, mediations(person)),
        ),
    ),
    "cpd.CpdEntry": (
        Table(
            "cpd",
            _("Your professional development, with your takeaways; the evidence is in the folder “evidence”."),
            development,
            dict.fromkeys(
                [
                    "id", "completed_on", "title", "kind", "provider", "minutes", "points", "country", "takeaways",
                    *DATES,
                ],
                "",
            )
            | {"evidence_file": Column("", place_in_download)},
            {"owner": YOU, "imported_in": FROM_FILE, "folded": FOLDED},
            _cpd_sheet,
        ),
    ),
    "accounts.Import": (
        Table(
            "imports",
            _("Spreadsheets you brought in: when, and how many entries came from each."),
            lambda person: Import.objects.filter(owner=person).order_by("created_at", "id"),
            {"kind": _("List"), "created_at": _("Brought"), "saved_at": _("Saved"), "number": _("Entries")},
            {"id": NUMBER, "owner": YOU},
        ),
    ),
    "directory.Look": (
        Table(
            "looks",
            _("Who looked at your totals, and on which day."),
            _looks,
            {"day": _("Day"), "organisation_name": _("Organisation"), "person_id": _("Name today")},
            {"id": NUMBER, "mediator": YOU},
        ),
    ),
}  # fmt: skip
