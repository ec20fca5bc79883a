"""How much the database is asked: literal counts whatever the rows, and no table read as a whole."""

from datetime import date

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from accounts.tests.factories import make_directory, make_mediator, signed_in
from cpd.models import CpdEntry
from directory.models import Look
from directory.tests.factories import make_listed
from logbook.models import LogbookEntry
from logbook.tests.test_queries import (
    as_after_a_vacuum,
    assert_read_from_an_index_alone,
    make_many,
    nodes,
)

pytestmark = pytest.mark.django_db
EXPORT = 6
PAGE = (
    7  # session, person, place, mediator, look, totals, totals of CPD; and the rows of CPD, if there are any
)


def make_many_cpd(owner: User, number: int) -> None:
    CpdEntry.objects.bulk_create(
        CpdEntry(
            owner=owner,
            completed_on=date(2022, 1, 1 + one % 28),
            title=f"C {one}",
            kind="workshop",
            minutes=60,
        )
        for one in range(number)
    )


@pytest.fixture
def dana() -> User:
    cache.clear()
    return make_directory()


def statements(client, address: str) -> list[str]:
    """But those that count towards a limit, and the brackets around them."""
    with CaptureQueriesContext(connection) as asked:
        answer = client.get(address)
        if answer.streaming:
            b"".join(answer.streaming_content)
    assert answer.status_code == 200
    plain = [one["sql"] for one in asked]
    return [one for one in plain if "rate_limits" not in one and "SAVEPOINT" not in one]


@pytest.mark.long
@pytest.mark.parametrize("rows", [0, 1, 25, 400, 3000])
def test_a_mediator_is_eight_queries_whatever_the_entries(dana: User, rows: int) -> None:
    ann = make_listed()
    make_many(ann, rows)
    make_many_cpd(ann, rows)
    for tail in ("", "?role=lead&medium=online&year_from=2021", "export/"):
        number = EXPORT if "export" in tail else PAGE + bool(rows)
        assert len(statements(signed_in(dana), f"/verify-experience/{ann.pk}/{tail}")) == number, tail


def test_the_print_too(dana: User) -> None:
    ann = make_listed()
    make_many(ann, 400)
    make_many_cpd(ann, 400)
    assert len(statements(signed_in(dana), f"/verify-experience/{ann.pk}/print/")) == PAGE + 1


@pytest.mark.long
@pytest.mark.parametrize("number", [0, 1, 26, 110])
def test_a_search_is_five_queries_however_many_it_finds(dana: User, number: int) -> None:
    for one in range(number):
        make_listed(f"Mara {one}")
    for typed in ("mara", "ma mara", "imimediation.org/x/"):
        some = bool(number) and "/" not in typed
        assert len(statements(signed_in(dana), f"/verify-experience/?q={typed}")) == 4 + some


def test_the_own_pages(dana: User) -> None:
    ann = make_listed()
    for number in (1, 30):
        Look.objects.bulk_create(
            Look(mediator=ann, person_id=dana.pk, organisation_name=f"{number} {one}", day=date(2026, 1, 1))
            for one in range(number)
        )
        assert len(statements(signed_in(ann), "/my-details/looks/")) == 6
    assert len(statements(signed_in(ann), "/my-details/what-they-see/")) == 5


@pytest.fixture
def crowd() -> User:
    """20,000 mediators who are open to directories, with 20,000 entries of forty of them; one of the forty."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO accounts_user (id, email, name, password, time_zone, is_mediator, is_reviewer, is_directory,
                is_admin, is_active, page_sizes, joined_at)
            SELECT gen_random_uuid(), 'm' || n || '@example.org', 'Mara' || n %% 700 || ' Berg' || n, '', 'UTC', true,
                false, false, false, true, '{}', now()
            FROM generate_series(1, 20000) AS n
            """.replace("%%", "%")
        )
        cursor.execute(
            """
            INSERT INTO accounts_mediatorprofile (person_id, visibility, imi_profile, country, languages, about,
                accepts_general)
            SELECT id, 'directories', '', 'NZ', '{}', '', false FROM accounts_user WHERE is_mediator
            """
        )
        cursor.execute(
            """
            INSERT INTO accounts_nameword (person_id, word, name)
            SELECT id, word, lower(name) FROM accounts_user, unnest(string_to_array(lower(name), ' ')) AS word
            WHERE is_mediator
            """
        )
        cursor.execute("SELECT id FROM accounts_user WHERE is_mediator LIMIT 40")
        owners = [row[0] for row in cursor.fetchall()]
    LogbookEntry.objects.bulk_create(
        LogbookEntry(
            owner_id=owners[n % 40], ended_on=date(2017 + n % 9, 1, 1 + n % 28), title=f"M {n}",
            role=["lead", "co"][n % 2], medium="online", minutes=60,
        )
        for n in range(1000)
    )  # fmt: skip
    fields = [field for field in LogbookEntry._meta.local_concrete_fields if not field.generated]
    columns = ", ".join(field.column for field in fields if not field.primary_key)
    with connection.cursor() as cursor:
        # Each of them nineteen times more: twenty thousand objects in Python would take most of the test.
        cursor.execute(
            f"INSERT INTO logbook_logbookentry (id, {columns}) "
            f"SELECT gen_random_uuid(), {columns} FROM logbook_logbookentry, generate_series(1, 19)"
        )
        for table in (
            "accounts_user",
            "accounts_mediatorprofile",
            "accounts_nameword",
            "logbook_logbookentry",
        ):
            cursor.execute(f"ANALYZE {table}")
    return User.objects.get(pk=owners[0])


def plan_of(statement: str) -> list[dict]:
    with connection.cursor() as cursor:
        cursor.execute("SHOW enable_seqscan")
        assert cursor.fetchone() == ("on",)
        cursor.execute(f"EXPLAIN (FORMAT JSON) {statement}")
        return nodes(cursor.fetchone()[0][0]["Plan"])


@pytest.mark.long
def test_no_search_and_no_totals_read_a_whole_table(dana: User, crowd: User) -> None:
    client = signed_in(dana)
    addresses = [f"/verify-experience/?q={typed}" for typed in (
        "ma", "mara1", "berg19999", "berg", "zz", "ma be", "mara2 berg1", "imimediation.org/x/", "ma&page=4",
    )]  # fmt: skip
    addresses += [f"/verify-experience/{crowd.pk}/{tail}" for tail in (
        "", "?role=lead", "?year_from=2019&year_to=2020", "?medium=online", "export/",
    )]  # fmt: skip
    for address in addresses:
        asked = [one for one in statements(client, address) if "nameword" in one or "logbookentry" in one]
        assert len(asked) == 1, address
        found = plan_of(asked[0])
        whole = [node.get("Relation Name") for node in found if node["Node Type"] == "Seq Scan"]
        assert whole == [], (address, found)
        if "nameword" in asked[0]:
            assert "name_word_beginning" in {node.get("Index Name") for node in found}, address


@pytest.mark.long
def test_further_words_are_found_beside_the_first(dana: User, crowd: User) -> None:
    """Two names that nobody bears together: one look at those who bear the longer, not one more for each of them."""
    as_after_a_vacuum("accounts_nameword")
    client = signed_in(dana)
    for typed in ("ma be", "mara1 berg2", "mara12 mara13 berg"):
        (asked,) = [one for one in statements(client, f"/verify-experience/?q={typed}") if "nameword" in one]
        scans = [
            (node["Node Type"], node["Index Name"]) for node in plan_of(asked) if "Scan" in node["Node Type"]
        ]
        assert scans == [("Index Only Scan", "name_word_beginning")], typed


@pytest.mark.long
def test_totals_are_read_from_an_index_alone(dana: User, crowd: User) -> None:
    client = signed_in(dana)
    as_after_a_vacuum()
    for tail in ("", "?role=lead&year_from=2019&year_to=2020", "?medium=online", "export/"):
        address = f"/verify-experience/{crowd.pk}/{tail}"
        (asked,) = [one for one in statements(client, address) if "logbookentry" in one]
        with connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN (FORMAT JSON) {asked}")
            plan = cursor.fetchone()[0]
        assert_read_from_an_index_alone(plan[0]["Plan"], filtered="?" in tail)


@pytest.mark.long
def test_the_beginning_of_a_word_is_a_range_of_the_index(dana: User, crowd: User) -> None:
    (asked,) = [
        one for one in statements(signed_in(dana), "/verify-experience/?q=mara1") if "nameword" in one
    ]
    scans = [node for node in plan_of(asked) if node.get("Index Name") == "name_word_beginning"]
    assert any("~>=~" in node.get("Index Cond", "") or ">=" in node.get("Index Cond", "") for node in scans)


def test_nobody_else_costs_more_to_look_at(dana: User) -> None:
    """An unknown mediator: session, person, place, and the question for them."""
    with CaptureQueriesContext(connection) as asked:
        status = signed_in(dana).get(f"/verify-experience/{make_mediator().pk}/").status_code
    own = [
        one for one in asked if one["sql"].startswith("SELECT") and "mediator_profile" not in one["sql"][:40]
    ]
    assert status == 404
    assert own[-1]["sql"].count("accounts_mediatorprofile") > 0
