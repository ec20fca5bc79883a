"""How much the database is asked: literal counts, and no page that reads the whole table."""

import re
from datetime import date

import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from accounts.tests.factories import make_mediator, signed_in
from cpd.models import CpdEntry
from logbook.models import HEADINGS, LogbookEntry
from logbook.summaries import totals_of
from logbook.tests.factories import make_entry

pytestmark = pytest.mark.django_db
PAGE = 6  # session, person, totals and rows of each list


def make_many(owner: User, number: int) -> None:
    LogbookEntry.objects.bulk_create(
        LogbookEntry(
            owner=owner, ended_on=date(2020 + one % 6, 1, 1 + one % 28), title=f"Matter {one}", role="lead",
            medium="online", minutes=60 + one, country=["NZ", "FR", ""][one % 3], folded=f"matter {one}",
        )
        for one in range(number)
    )  # fmt: skip
    CpdEntry.objects.bulk_create(
        CpdEntry(owner=owner, completed_on=date(2020 + one % 6, 1, 1), title="C", kind="workshop", minutes=60)
        for one in range(number)
    )


def count_of(client, address: str) -> int:
    with CaptureQueriesContext(
        connection,
    ) as asked:
        answer = client.get(address)
        if answer.streaming:
            b"".join(answer.streaming_content)
    assert answer.status_code == 200
    return len(asked)


@pytest.mark.parametrize("rows", [1, 25, 100])
@pytest.mark.parametrize(
    ("query", "more"),
    [
        ("", 0),
        ("sort=title", 0),
        (
            "role=lead&year=2020&year=2021&q=matter&country=NZ",
            1,
        ),  # years and countries of what is filtered away
        ("role=x", 0),
        ("cpd-sort=title&cpd-year=2020", 1),
        ("role=lead&cpd-year=2020", 2),
    ],
)
def test_the_page_asks_as_often_whatever_its_rows(rows: int, query: str, more: int) -> None:
    owner = make_mediator(page_sizes={"logbook": 100, "cpd": 100})
    make_many(owner, rows)
    assert count_of(signed_in(owner), f"/logbook/?{query}") == PAGE + more


def test_a_new_page_size_is_one_more_once() -> None:
    owner = make_mediator()
    make_many(owner, 30)
    client = signed_in(owner)
    assert [count_of(client, "/logbook/?per_page=10") for _time in range(2)] == [PAGE + 1, PAGE]


@pytest.mark.parametrize(
    ("address", "number"),
    [
        ("/logbook/add/", 3),
        ("/logbook/deleted/", 3),
        ("/logbook/{id}/", 3),
        ("/logbook/{id}/edit/", 3),
        ("/logbook/{id}/delete/", 3),
        ("/logbook/export/", 3),
        ("/logbook/export/?learnings=1", 3),
        ("/logbook/print/", PAGE),
    ],
)
def test_other_pages(address: str, number: int) -> None:
    owner = make_mediator()
    make_many(owner, 30)
    entry = make_entry(owner, did_well="One")
    for _time in range(3):
        make_entry(owner, deleted=True)
    assert count_of(signed_in(owner), address.format(id=entry.pk)) == number


def test_an_empty_logbook_asks_for_no_rows() -> None:
    assert count_of(signed_in(make_mediator()), "/logbook/") == PAGE - 2


def nodes(plan: dict) -> list[dict]:
    return [plan, *[node for child in plan.get("Plans", []) for node in nodes(child)]]


@pytest.fixture
def crowd() -> User:
    """20,000 entries of forty mediators; the one of them who deleted a tenth of theirs."""
    owners = [make_mediator() for _number in range(40)]
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO logbook_logbookentry (id, owner_id, ended_on, title, role, medium, minutes, preparation_minutes,
                subject, country, language, outcome, provider, setting, paid, full_scale, folded, folded_subject,
                created_at, changed_at, deleted_at)
            SELECT gen_random_uuid(), (%s::uuid[])[1 + n %% 40], date '2017-01-01' + n %% 3300, 'Matter ' || n,
                (ARRAY['lead', 'co', 'other'])[1 + n %% 3], 'online', 60 + n %% 300, 0, 'Noise', 'NZ', 'en', '', '',
                'real', '', '', 'matter ' || n || ' noise', 'noise', now(), now(),
                CASE WHEN n %% 400 = 1 THEN now() END
            FROM generate_series(1, 20000) AS n
            """,
            [[str(owner.pk) for owner in owners]],
        )
        cursor.execute("ANALYZE logbook_logbookentry")
    return owners[1]


@pytest.mark.long
def test_no_page_reads_the_whole_table(crowd: User) -> None:
    assert LogbookEntry.objects.visible_to(crowd).live().count() == 450
    client, entry = signed_in(crowd), LogbookEntry.objects.visible_to(crowd).live().first()
    with connection.cursor() as cursor:
        cursor.execute("SHOW enable_seqscan")
        assert cursor.fetchone() == ("on",)
    for address in [
        "/logbook/", "/logbook/?page=15", "/logbook/?year=2020&year=2024", "/logbook/?date_from=2024-01-01",
        "/logbook/?sort=title", "/logbook/?sort=-hours&role=co", "/logbook/?q=noise", "/logbook/add/",
        "/logbook/deleted/", f"/logbook/{entry.pk}/", "/logbook/export/", "/logbook/print/?per_page=10",
        "/learnings/", "/learnings/?q=noise&year=2020&sort=title",
    ]:  # fmt: skip
        with CaptureQueriesContext(connection) as asked:
            answer = client.get(address)
            if answer.streaming:
                b"".join(answer.streaming_content)
        assert answer.status_code == 200
        statements = [one["sql"] for one in asked if "logbook_logbookentry" in one["sql"]]
        assert statements, address
        for statement in statements:
            statement = statement[re.search(r"\(?SELECT", statement).start() :]
            with connection.cursor() as cursor:
                cursor.execute(f"EXPLAIN (FORMAT JSON) {statement}")
                plan = cursor.fetchone()[0]
            # A union reads CPD entries, too: of so few, all is the best way.
            scans = [node for node in nodes(plan[0]["Plan"]) if node.get("Relation Name") != "cpd_cpdentry"]
            found = {node["Node Type"] for node in scans}
            assert "Seq Scan" not in found, (address, statement)


def as_after_a_vacuum(table: str = "logbook_logbookentry") -> None:
    """Tells the planner that all pages of `table` are visible to all; inside a test nothing can be vacuumed."""
    with connection.cursor() as cursor:
        cursor.execute("UPDATE pg_class SET relallvisible = relpages WHERE oid = %s::regclass", [table])


def assert_read_from_an_index_alone(plan: dict, *by: str, filtered: bool) -> None:
    """And grouped without sorting. A whole logbook: without hashing either."""
    found = nodes(plan)
    grouped = [(node["Strategy"], node["Group Key"]) for node in found if "Group Key" in node]
    scans = [(node["Node Type"], node["Index Name"]) for node in found if "Scan" in node["Node Type"]]
    assert grouped == [("Hashed" if filtered else "Sorted", ["totals_group", *by])]
    index = "entry_live_by_date" if filtered else "entry_live_by_group"
    assert scans == [("Index Only Scan", index)]


@pytest.mark.long
def test_totals_are_read_from_an_index_alone(crowd: User) -> None:
    as_after_a_vacuum()
    for asked in ({}, {"ended_on__year": 2020}, {"role__in": ["lead", "co"], "medium__in": ["online"]}):
        with CaptureQueriesContext(connection) as queries, connection.cursor() as cursor:
            totals_of(LogbookEntry.objects.visible_to(crowd).live().filter(**asked))
            cursor.execute(f"EXPLAIN (FORMAT JSON) {queries[0]['sql']}")
            plan = cursor.fetchone()[0]
        assert_read_from_an_index_alone(plan[0]["Plan"], "country", filtered=bool(asked))


@pytest.mark.long
@pytest.mark.parametrize("name", HEADINGS)
def test_a_page_in_the_order_of_a_heading_reads_its_own_rows(crowd: User, name: str) -> None:
    """Of the index of that heading, and as many as the page has: not all, to sort them."""
    with CaptureQueriesContext(connection) as queries:
        assert signed_in(crowd).get(f"/logbook/?sort={name}&per_page=10").status_code == 200
    (rows,) = [one["sql"] for one in queries if "LIMIT 10" in one["sql"]]
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {rows}")
        found = nodes(cursor.fetchone()[0][0]["Plan"])
    (scan,) = [node for node in found if "Scan" in node["Node Type"]]
    assert scan["Index Name"] == f"entry_live_by_{name}"
    assert scan["Actual Rows"] < 50


def test_one_sign_in_is_one_session() -> None:
    """So that the counts above are honest: looking makes no session rows."""
    client = signed_in(make_mediator())
    before = Session.objects.count()
    client.get("/logbook/?sort=x&page=9")
    assert Session.objects.count() == before
