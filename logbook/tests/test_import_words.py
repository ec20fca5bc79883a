"""Headings and values in six languages lead to the right fields and choices, and to no wrong ones."""

from datetime import date, timedelta

import pytest

from cpd import import_words as of_cpd
from cpd.choices import CpdKind
from cpd.exports import headings as cpd_headings
from cpd.forms import CpdForm
from logbook import choices
from logbook.exports import headings
from logbook.forms import EntryForm
from logbook.import_words import FIELDS, VALUES
from logbook_site.foundation.sheets import (
    guess_columns,
    guess_heading_row,
    guess_value,
    is_repeated_heading,
    is_section,
    is_sum_row,
)
from logbook_site.foundation.text import fold

OWN_FIELDS = [
    "started_on", "ended_on", "title", "role", "medium", "hours", "preparation_hours", "subject", "country", "language",
    "parties", "outcome", "provider", "setting", "paid", "full_scale", "did_well", "challenges", "learnings",
]  # fmt: skip


def fields_of(*names: str, words=FIELDS) -> list[str | None]:
    found = guess_columns(names, [], words)
    return [found.get(column) for column in range(len(names))]


def test_each_form_field_has_words_and_no_other_has() -> None:
    assert set(FIELDS) == set(OWN_FIELDS)
    assert set(FIELDS) <= set(EntryForm.base_fields)
    assert set(of_cpd.FIELDS) <= set(CpdForm.base_fields)


def test_each_choice_has_words() -> None:
    of_field = {
        "role": choices.EntryRole, "medium": choices.Medium, "outcome": choices.Outcome, "setting": choices.Setting,
        "paid": choices.Paid, "full_scale": choices.FullScale,
    }  # fmt: skip
    for field, kind in of_field.items():
        assert set(VALUES[field]) == set(kind.values)
        assert [guess_value(str(label), VALUES[field]) for label in kind.labels] == kind.values
    assert set(of_cpd.VALUES["kind"]) == set(CpdKind.values)
    assert [guess_value(str(label), of_cpd.VALUES["kind"]) for label in CpdKind.labels] == CpdKind.values


@pytest.mark.parametrize("words", [FIELDS, of_cpd.FIELDS, *VALUES.values(), *of_cpd.VALUES.values()])
def test_no_word_means_two_things(words) -> None:
    meanings: dict[str, set[str]] = {}
    for name, known in words.items():
        for word in known:
            meanings.setdefault(fold(word), set()).add(name)
    # “ii” is the code of one language and, in Spanish, nothing else; “yi” is a name and a code of the same.
    assert {word: names for word, names in meanings.items() if len(names) > 1 and word != "yi"} == {}


def test_our_own_headings() -> None:
    assert fields_of(*headings(True)) == OWN_FIELDS
    assert fields_of(*cpd_headings(True), words=of_cpd.FIELDS) == [
        "completed_on", "title", "kind", "provider", "hours", "points", "country", None, "takeaways",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("names", "fields"),
    [
        (["Datum Beginn", "Datum Ende", "Fall-Nr.", "Meine Rolle", "Dauer (Std)"],
         ["started_on", "ended_on", "title", "role", "hours"]),
        (["Nr.", "Mediationsdauer", "Std. Vorbereitung", "Anzahl Parteien", "Telefon"],
         [None, "hours", "preparation_hours", "parties", None]),
        (["Hours (prep)", "Hours (mediation)", "Total"], ["preparation_hours", "hours", None]),
        (["Date", "Case / parties", "Type of dispute", "Settled?"], ["ended_on", "title", "subject", "outcome"]),
        (["DATE DE FIN", "Référence du dossier", "Durée en h", "Présentiel / en ligne"],
         ["ended_on", "title", "hours", "medium"]),
        (["Fecha", "Mi función", "Horas (total)", "Nº de expediente"], ["ended_on", "role", "hours", "title"]),
        (["Data de término", "Processo", "Duração", "Língua"], ["ended_on", "title", "hours", "language"]),
        (["تاريخ الانتهاء", "رقم القضية", "الدور", "عدد الساعات", "هاتف"],
        ["ended_on", "title", "role", "hours", None]),
        (["Created at", "Name of case", "Mediation date"], [None, "title", "ended_on"]),
        (["", "  ", "?"], [None, None, None]),
    ],
)  # fmt: skip
def test_headings_as_people_write_them(names, fields) -> None:
    assert fields_of(*names) == fields


def test_the_fuller_of_two_columns_with_the_same_heading() -> None:
    samples = [[None, None], [date(2018, 5, 3), date(2018, 5, 4)]]
    assert guess_columns(["Date", "Date"], samples, FIELDS) == {1: "ended_on"}
    assert guess_columns(["Date", "Date"], [], FIELDS) == {0: "ended_on"}


@pytest.mark.parametrize(
    ("field", "text", "choice"),
    [
        ("role", "Mediator (sole)", "lead"), ("role", "LM", "lead"), ("role", "co mediator", "co"),
        ("role", "CO-MEDIATORIN", "co"), ("role", "Rechtsanwältin", "advocate"), ("role", "Médiatrice", "lead"),
        ("role", "وسيط مشارك", "co"), ("role", "Boss", None), ("role", "", None), ("role", "l", None),
        ("medium", "via Zoom", "online"), ("medium", "Präsenz (Büro)", "face_to_face"),
        ("medium", "online + vor Ort", None),
        ("medium", "عن بعد", "online"), ("medium", "In-Person", "face_to_face"),
        ("outcome", "Not settled", "not_settled"),
        ("outcome", "yes", "settled"),
        ("outcome", "nicht geeinigt", "not_settled"), ("outcome", "Settled in full", "settled"),
        ("outcome", "Accord partiel", "partly"), ("outcome", "Pas d’accord", "not_settled"),
        ("setting", "yes", None), ("paid", "no", None), ("full_scale", "x", "yes"),
        ("country", "Deutschland", "DE"), ("country", "UK", "GB"), ("country", "المغرب", "MA"), ("country", "fr", "FR"),
        ("country", "Germany (Berlin)", "DE"), ("country", "Utopia", None), ("country", "Universidad de Chile", "CL"),
        ("language", "anglais", "en"), ("language", "العربية", "ar"), ("language", "English/French", None),
    ],
)  # fmt: skip
def test_values_as_people_write_them(field: str, text: str, choice: str | None) -> None:
    assert guess_value(text, VALUES[field]) == choice


HEAD = ["Date", "Case", "Hours"]


def test_the_headings_below_a_letterhead() -> None:
    rows = [
        ["Date of this list", None, None],
        ["My office", "Case Street 3", None],
        HEAD,
        ["3 May 2018", "Date", 3],
    ]
    assert guess_heading_row(rows, FIELDS) == 2
    assert guess_heading_row([["a", "b"], ["1", "2"]], FIELDS) is None
    assert guess_heading_row([], FIELDS) is None
    assert guess_heading_row([[date(2018, 5, 3), "Case", 3]], FIELDS) is None


@pytest.mark.parametrize(
    ("row", "is_sum"),
    [
        (["Total", None, 1384.5], True), ([None, "Summe:", "1.384,50"], True),
        (["Total hours 2018", None, "12 h"], True),
        (["Sous-total", None, timedelta(hours=40)], True), (["المجموع", None, "٩٫٧٥"], True), ([None, None, 12], True),
        (["Gesamt", 400, 1384], True), (["Grand total", None, None], True), (["", "Carried forward", 3], True),
        ([date(2018, 5, 3), "Total loss", 3], False), (["03.05.2018", "3", "3"], False), (["Soon", "Total", 3], False),
        ([43223, None, 3.5], False), ([None, "Totality of the roof and walls of it", 3], False),
        ([17, None, None], False),
        ([None, None, None], False), (["soon", "Roof", 3], False),
    ],
)  # fmt: skip
def test_sums(row, is_sum: bool) -> None:
    row = [cell or None for cell in row]
    assert is_sum_row(row, [0]) is is_sum


def test_headings_again_and_titles_between() -> None:
    assert is_repeated_heading(["date", "CASE", None], HEAD)
    assert not is_repeated_heading(["date", "Roof", None], HEAD)
    assert not is_repeated_heading(["Date", None, None], HEAD)
    assert is_section(["2018", None, None])
    assert not is_section(["2018", "Roof", None])
    assert not is_section(["Roof"])
