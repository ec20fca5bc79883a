"""How much the database is asked: literal counts, and no page that reads the whole table."""

import re
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from accounts.tests.factories import make_mediator, signed_in
from cpd.models import CpdEntry
from cpd.summaries import totals_of
from cpd.tests.factories import a_pdf, make_cpd
from logbook.tests.test_queries import count_of, nodes

pytestmark = pytest.mark.django_db
PAGE = 4  # session, person, totals, rows


def make_many(owner: User, number: int) -> None:
    CpdEntry.objects.bulk_create(
        CpdEntry(
            owner=owner, completed_on=date(2020 + one % 6, 1, 1 + one % 28), title=f"Course {one}", kind="workshop",
            minutes=60 + one if one % 2 else None, points=one + 1, country=["NZ", ""][one % 2], folded=f"course {one}",
        )
        for one in range(number)
    )  # fmt: skip


@pytest.mark.parametrize("rows", [1, 25, 100])
@pytest.mark.parametrize(
    ("query", "more"),
    [
        ("", 0),
        ("sort=-points", 0),
        (
            "kind=workshop&year=2020&q=course&country=NZ",
            1,
        ),  # the years and countries of what is filtered away
        ("kind=x", 0),
    ],
)
def test_the_list_asks_as_often_whatever_its_rows(rows: int, query: str, more: int) -> None:
    owner = make_mediator(page_sizes={"cpd": 100})
    make_many(owner, rows)
    assert count_of(signed_in(owner), f"/cpd/?{query}") == PAGE + more


@pytest.mark.parametrize(
    ("address", "number"),
    [
        ("/cpd/add/", 3), ("/cpd/deleted/", 3), ("/cpd/{id}/", 3), ("/cpd/{id}/edit/", 3), ("/cpd/{id}/delete/", 3),
        ("/cpd/{id}/evidence/", 3), ("/cpd/export/", 3), ("/cpd/export/?learnings=1", 3), ("/cpd/print/", 4),
    ],
)  # fmt: skip
def test_other_pages(address: str, number: int) -> None:
    owner = make_mediator()
    make_many(owner, 30)
    entry = make_cpd(owner, takeaways="One", evidence=a_pdf())
    make_cpd(owner, deleted=True)
    assert count_of(signed_in(owner), address.format(id=entry.pk)) == number


@pytest.fixture
def crowd() -> User:
    """20,000 entries of forty mediators; the one of them who deleted a tenth of theirs."""
    owners = [make_mediator() for _number in range(40)]
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO cpd_cpdentry (id, owner_id, completed_on, title, kind, provider, minutes, points, country,
                evidence_file, folded, created_at, changed_at, deleted_at)
            SELECT gen_random_uuid(), (%s::uuid[])[1 + n %% 40], date '2017-01-01' + n %% 3300, 'Course ' || n,
                (ARRAY['training', 'workshop', 'other'])[1 + n %% 3], 'Harbour', 60 + n %% 300, n %% 7 + 1, 'NZ',
                '', 'course ' || n, now(), now(), CASE WHEN n %% 400 = 1 THEN now() END
            FROM generate_series(1, 20000) AS n
            """,
            [[str(owner.pk) for owner in owners]],
        )
        cursor.execute("ANALYZE cpd_cpdentry")
    return owners[1]


def plan_of(statement: str) -> list[dict]:
    statement = statement[re.search(r"\(?SELECT", statement).start() :]
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (FORMAT JSON) {statement}")
        return nodes(cursor.fetchone()[0][0]["Plan"])


@pytest.mark.long
def test_no_page_reads_the_whole_table(crowd: User) -> None:
    client, entry = signed_in(crowd), CpdEntry.objects.visible_to(crowd).live().first()
    for address in [
        "/cpd/", "/cpd/?page=15", "/cpd/?year=2020&year=2024", "/cpd/?sort=-hours&kind=training", "/cpd/?q=course",
        "/cpd/add/", "/cpd/deleted/", f"/cpd/{entry.pk}/", "/cpd/export/", "/cpd/print/?per_page=10", "/logbook/",
    ]:  # fmt: skip
        with CaptureQueriesContext(connection) as asked:
            answer = client.get(address)
            if answer.streaming:
                b"".join(answer.streaming_content)
        assert answer.status_code == 200
        statements = [one["sql"] for one in asked if "cpd_cpdentry" in one["sql"]]
        assert statements, address
        for statement in statements:
            scans = {(node["Node Type"], node.get("Relation Name")) for node in plan_of(statement)}
            assert ("Seq Scan", "cpd_cpdentry") not in scans, (address, statement)


def test_totals_are_read_from_the_index_alone(crowd: User) -> None:
    """Told to prefer it, the planner can: all columns of the totals are in the index."""
    with CaptureQueriesContext(connection) as asked, connection.cursor() as cursor:
        totals_of(CpdEntry.objects.visible_to(crowd).live().filter(completed_on__year=2020))
        cursor.execute("SET LOCAL enable_bitmapscan = off")
        cursor.execute("SET LOCAL enable_seqscan = off")
    scans = [node for node in plan_of(asked[0]["sql"]) if "Scan" in node["Node Type"]]
    assert [(node["Node Type"], node["Index Name"]) for node in scans] == [
        ("Index Only Scan", "cpd_live_by_date")
    ]
