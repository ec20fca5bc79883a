"""The logbooks of the demo: as many entries as promised, believable, the same all day, and sealed."""

from collections import Counter
from datetime import date, timedelta
from time import process_time

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection

from accounts.models import User
from accounts.tests.factories import make_mediator, signed_in
from logbook.choices import EntryRole, Medium, Outcome, Setting
from logbook.models import LogbookEntry
from logbook.services import save_entries, save_entry
from logbook_site.demo.history import QUARTER, TEXTS, fill_logbooks, logbook_of
from logbook_site.demo.load import load_demo
from logbook_site.demo.people import PEOPLE
from logbook_site.demo.practices import AMINA, BEN, Practice
from logbook_site.demo.reflections import THEMES
from logbook_site.foundation import clock
from logbook_site.foundation.languages import language_choices

# A Sunday after a holiday, a leap day, the first days of a year, a plain Monday.
DAYS = [date(2026, 12, 27), date(2028, 2, 29), date(2031, 1, 3), date(2027, 6, 7)]
SENTENCES = {text: [sentence for theme in THEMES for sentence in getattr(theme, text)] for text in TEXTS}
HOUR = 60
# Facts of an entry: everything that does not change from one loading to the next.
LEFT_OUT = {"id", "owner", "changed_at", "folded", "folded_subject", "totals_group"}
LEFT_OUT |= {f"{text}_sealed" for text in TEXTS}
FACTS = [field.name for field in LogbookEntry._meta.fields if field.name not in LEFT_OUT] + [*TEXTS]

both = pytest.mark.parametrize("practice", [AMINA, BEN], ids=["amina", "ben"])
on_any_day = pytest.mark.parametrize("today", DAYS, ids=str)


@pytest.fixture
def people(db) -> dict[str, User]:
    assert load_demo()
    return {person.email.partition("@")[0]: person for person in User.objects.all()}


def facts(entries: list[LogbookEntry]) -> list[tuple]:
    return [tuple(getattr(entry, name) for name in FACTS) for entry in entries]


def written(entries: list[LogbookEntry]) -> list[LogbookEntry]:
    return [entry for entry in entries if any(getattr(entry, text) for text in TEXTS)]


def sentences_in(entry: LogbookEntry) -> set[str]:
    return {
        sentence
        for text in TEXTS
        for sentence in SENTENCES[text]
        if f" {sentence} " in f" {getattr(entry, text)} "
    }


def test_how_many_each_of_them_has(people: dict[str, User]) -> None:
    numbers = {name: LogbookEntry.objects.filter(owner=person).count() for name, person in people.items()}
    assert numbers == {"amina": 400, "ben": 60, "chloe": 0, "rosa": 0, "dana": 0, "admin": 0}


@on_any_day
@pytest.mark.parametrize(("practice", "years"), [(AMINA, 9), (BEN, 5)], ids=["amina", "ben"])
def test_the_days(practice: Practice, years: int, today: date) -> None:
    entries = logbook_of(User(), practice, today=today)
    days = [entry.ended_on for entry in entries]
    assert days == sorted(set(days))
    # The last days: a weekend and two holidays may lie between.
    assert today - timedelta(days=4) <= days[-1] < today
    assert abs((today - days[0]).days - 365.25 * years) < 32
    assert all(entry.started_on < entry.ended_on for entry in entries if entry.started_on)
    assert all(entry.created_at.date() == entry.ended_on for entry in entries)


@both
def test_the_same_twice_on_the_same_day(practice: Practice) -> None:
    once, again, next_year = (logbook_of(User(), practice, today=day) for day in (DAYS[0], *DAYS[:2]))
    assert facts(once) == facts(again)
    assert facts(once) != facts(next_year)


def test_today_is_the_day_of_the_clock(people: dict[str, User], settings) -> None:
    stored = LogbookEntry.objects.filter(owner=people["ben"]).order_by("ended_on")
    assert facts(stored) == facts(logbook_of(people["ben"], BEN, today=clock.today()))
    assert not LogbookEntry.objects.filter(ended_on__gte=clock.today()).exists()
    stored.delete()
    settings.CLOCK_OFFSET_HOURS = -24 * 100
    fill_logbooks(people)
    assert not LogbookEntry.objects.filter(owner=people["ben"], ended_on__gte=clock.today()).exists()


@on_any_day
@both
def test_each_entry_could_have_been_typed(practice: Practice, today: date) -> None:
    languages = {code for _group, choices in language_choices() for code, _name in choices}
    entries = logbook_of(User(), practice, today=today)
    for entry in entries:
        assert entry.minutes % QUARTER == entry.preparation_minutes % QUARTER == 0
        assert 1.5 * HOUR <= entry.minutes <= 18 * HOUR
        assert entry.started_on or entry.minutes <= 9 * HOUR
        assert entry.language in languages | {""}
        assert entry.outcome != Outcome.ONGOING or (today - entry.ended_on).days < 60
    titles = [entry.title.casefold() for entry in entries]
    assert len(set(titles)) == len(titles)
    names = {word.casefold() for person in PEOPLE for word in person.name.split()} - {"admin"}
    assert not names & {word.strip(",:") for title in titles for word in title.split()}


@pytest.mark.slow
@both
def test_choices_lengths_and_constraints_hold(practice: Practice, db) -> None:
    for entry in logbook_of(User(), practice, today=DAYS[1]):
        entry.full_clean(exclude=["owner"], validate_unique=False)


@on_any_day
def test_the_career_of_amina(today: date) -> None:
    entries = logbook_of(User(), AMINA, today=today)
    assert {entry.role for entry in entries} == set(EntryRole)
    assert {entry.medium for entry in entries} == set(Medium)
    assert {entry.country.code for entry in entries} > {"KE", ""}
    first, last = entries[:30], entries[-100:]
    learning = {EntryRole.OBSERVER, EntryRole.ASSISTANT}
    assert sum(entry.role in learning for entry in first) >= 12
    assert not any(entry.role in learning for entry in last)
    assert Counter(entry.role for entry in last).most_common(1)[0][0] == EntryRole.LEAD
    role_plays = [number for number, entry in enumerate(entries) if entry.setting == Setting.SIMULATED]
    assert len(role_plays) >= 7 and role_plays[-1] < 70
    assert not any(entries[number].outcome for number in role_plays)


def test_online_came_with_2020() -> None:
    entries = logbook_of(User(), AMINA, today=DAYS[0])
    years: dict[bool, list[Medium]] = {True: [], False: []}
    for entry in entries:
        years[entry.ended_on.year >= 2020].append(entry.medium)
    assert years[False].count(Medium.FACE_TO_FACE) / len(years[False]) > 0.85
    assert years[False].count(Medium.HYBRID) == 0
    assert years[True].count(Medium.ONLINE) / len(years[True]) > 0.3
    assert years[True].count(Medium.HYBRID) > 15


def test_the_totals_of_the_page(people: dict[str, User]) -> None:
    page = signed_in(people["amina"]).get("/logbook/")
    totals = page.context["totals"]
    entries = logbook_of(people["amina"], AMINA, today=clock.today())
    real = [entry for entry in entries if entry.setting == Setting.REAL]
    assert (totals.number, totals.real_number) == (400, len(real))
    assert totals.minutes == sum(entry.minutes for entry in real)
    assert totals.minutes == sum(row.minutes for row in totals.by_role)
    assert totals.minutes == sum(row.minutes for row in totals.by_year)
    # Five hours a mediation; a full working life has about 1,700 hours a year.
    assert 1600 * HOUR < totals.minutes < 2700 * HOUR
    assert all(row.minutes < 600 * HOUR for row in totals.by_year)
    assert 0 < totals.preparation < totals.minutes / 2
    hours = {row.role: row.minutes for row in totals.by_role}
    assert max(hours, key=hours.get) == EntryRole.LEAD
    assert hours[EntryRole.OTHER] < 0.05 * totals.minutes
    assert page.context["page"].object_list[0].ended_on == entries[-1].ended_on


def test_the_logbook_of_chloe_is_empty(people: dict[str, User]) -> None:
    assert signed_in(people["chloe"]).get("/logbook/").context["is_empty"]


def test_the_words_are_found(people: dict[str, User]) -> None:
    entries = logbook_of(people["amina"], AMINA, today=clock.today())
    found = signed_in(people["amina"]).get("/logbook/?q=ROÓF&per_page=100").context["totals"].number
    assert found == sum("roof leak" in entry.title for entry in entries) > 0
    found = signed_in(people["amina"]).get("/logbook/?subject=défects").context["totals"].number
    assert found == sum(entry.subject == "Building defects" for entry in entries) > 0


def test_sentences_are_many_and_differ() -> None:
    assert all(len(sentences) >= 40 for sentences in SENTENCES.values())
    everything = [sentence.casefold() for sentences in SENTENCES.values() for sentence in sentences]
    assert len(set(everything)) == len(everything)


@on_any_day
@both
def test_a_third_has_reflections_and_neighbours_differ(practice: Practice, today: date) -> None:
    entries = logbook_of(User(), practice, today=today)
    reflections = written(entries)
    assert 0.24 < len(reflections) / len(entries) < 0.44
    assert all(
        sum(bool(getattr(entry, text)) for entry in reflections) > len(reflections) / 2 for text in TEXTS
    )
    for before, after in zip(reflections, reflections[1:], strict=False):
        assert not sentences_in(before) & sentences_in(after), (before.title, after.title)


@on_any_day
def test_reflections_fit_their_entry(today: date) -> None:
    for entry in written(logbook_of(User(), AMINA, today=today) + logbook_of(User(), BEN, today=today)):
        sentences = sentences_in(entry)
        fitting = {
            sentence
            for theme in THEMES
            if theme.fits(entry)
            for text in TEXTS
            for sentence in getattr(theme, text)
        }
        assert sentences and sentences <= fitting


def test_reflections_are_sealed(people: dict[str, User]) -> None:
    stored = written(list(LogbookEntry.objects.all()))
    sentences = set().union(*map(sentences_in, stored))
    assert len(sentences) > 150
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT did_well_sealed, challenges_sealed, learnings_sealed FROM logbook_logbookentry"
        )
        columns = b"\n".join(bytes(value) for row in cursor for value in row if value is not None)
        cursor.execute("SELECT entry::text FROM logbook_logbookentry entry")
        rows = "\n".join(row[0] for row in cursor)
    assert len(columns) > 10_000
    leaks = [
        sentence
        for sentence in sentences
        if sentence.encode() in columns or sentence in rows or sentence.encode().hex() in rows
    ]
    assert leaks == []


def test_on_a_filled_database_nothing_is_added(people: dict[str, User]) -> None:
    before = list(LogbookEntry.objects.order_by("id").values())
    assert len(before) == 460
    assert not load_demo()
    assert list(LogbookEntry.objects.order_by("id").values()) == before


def test_few_statements_and_little_work(people: dict[str, User], django_assert_num_queries) -> None:
    LogbookEntry.objects.all().delete()
    began = process_time()
    with django_assert_num_queries(6):  # for each of the two: savepoint, insert, release
        fill_logbooks(people)
    assert process_time() - began < 1.5


def test_many_are_stored_as_one_would_be(db) -> None:
    person = make_mediator()

    def entry() -> LogbookEntry:
        return LogbookEntry(
            owner=person, ended_on=DAYS[0], title="Ünder the Roof", subject="Été", provider="Kèn", role="lead",
            medium="online", minutes=90,
        )  # fmt: skip

    one = save_entry(entry=entry(), by=person)
    stored = save_entries(entries=(entry() for _ in range(2)), by=person)
    assert (
        {(each.folded, each.folded_subject) for each in LogbookEntry.objects.all()}
        == {(one.folded, one.folded_subject)}
        == {("under the roof ete ken", "ete")}
    )
    assert {one.pk, *(each.pk for each in stored)} == set(LogbookEntry.objects.values_list("pk", flat=True))


def test_one_entry_of_another_stops_them_all(db) -> None:
    person, other = make_mediator(), make_mediator()
    entries = [
        LogbookEntry(owner=owner, ended_on=DAYS[0], title="one", role="lead", medium="online", minutes=90)
        for owner in (person, other)
    ]
    with pytest.raises(PermissionDenied):
        save_entries(entries=entries, by=person)
    assert not LogbookEntry.objects.exists()
