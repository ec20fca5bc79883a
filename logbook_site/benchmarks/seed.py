"""Invented people and entries, many and at once: the database makes them itself."""

from itertools import product
from typing import NamedTuple
from uuid import UUID

from django.db import connection

USUAL_CAREER = 100  # entries
# One mediator each, unless that were more than a quarter of all entries.
LONG_CAREERS = [50_000, 20_000, 3_000]

SYLLABLES = ["ma", "ri", "ka", "lo", "be", "su", "ta", "ni", "do", "fe", "gu", "hi", "jo", "pe", "sa", "tu"]
FIRST_NAMES = ["".join(parts) for parts in product(SYLLABLES, repeat=2)]
LAST_NAMES = ["".join(parts) for parts in product(SYLLABLES, SYLLABLES, SYLLABLES, "nrskt")]

# As uneven as names are: of a million people, 157,000 share the first of 256 names.
PEOPLE = """
    CREATE TEMPORARY TABLE person AS
    SELECT number, gen_random_uuid() AS id,
        (%(first)s::text[])[1 + floor(cardinality(%(first)s::text[]) * random() ^ 3)::int] AS first,
        (%(last)s::text[])[1 + floor(cardinality(%(last)s::text[]) * random() ^ 2)::int] AS last
    FROM generate_series(1, %(names)s) AS number;

    INSERT INTO accounts_user (id, email, name, password, time_zone, is_mediator, is_reviewer, is_directory, is_admin,
        is_active, page_sizes, joined_at)
    SELECT id, number || '@example.org', initcap(first || ' ' || last), '', 'UTC', true, false, false, false,
        true, '{}', now()
    FROM person;

    INSERT INTO accounts_mediatorprofile (person_id, visibility, imi_profile, country, languages, about,
        accepts_general)
    SELECT id, 'directories', '', 'NZ', '{en}', '', false FROM person;

    INSERT INTO accounts_nameword (person_id, word, name)
    SELECT id, word, first || ' ' || last FROM person, unnest(ARRAY[first, last]) AS word
"""

# In the order of their days, as after ten years of use: those of one mediator lie far apart.
ENTRIES = """
    CREATE TEMPORARY TABLE career AS
    SELECT id AS owner, coalesce((%(long)s::int[])[number], %(usual)s) AS size
    FROM person WHERE number <= cardinality(%(long)s::int[]) + %(number)s;

    INSERT INTO logbook_logbookentry (id, owner_id, ended_on, title, role, medium, setting, minutes,
        preparation_minutes, subject, country, language, outcome, provider, paid, full_scale, folded, folded_subject,
        created_at, changed_at)
    SELECT gen_random_uuid(), owner, date '2016-01-01' + (3650 * place)::int, 'Matter ' || nth,
        (ARRAY['lead', 'co', 'advocate', 'assistant', 'observer', 'other'])[1 + nth %% 6],
        (ARRAY['face_to_face', 'online', 'hybrid'])[1 + nth / 6 %% 3],
        CASE WHEN nth %% 50 = 0 THEN 'simulated' ELSE 'real' END, 60 + nth %% 300, nth %% 4 * 15,
        'Noise', 'NZ', 'en', '', '', '', '', 'matter ' || nth || ' noise', 'noise', now(), now()
    FROM (
        SELECT owner, nth, nth::float / size AS place FROM career, generate_series(1, size) AS nth ORDER BY place
    ) AS mediation
"""


# Sixty in ten years, of one mediator.
CPD = """
    INSERT INTO cpd_cpdentry (id, owner_id, completed_on, title, kind, provider, minutes, points, country, folded,
        evidence_file, created_at, changed_at)
    SELECT gen_random_uuid(), %(owner)s, date '2016-01-01' + 60 * nth, 'Course ' || nth,
        (ARRAY['training', 'workshop', 'conference', 'self_study'])[1 + nth %% 4], 'Centre', 60 + nth %% 300,
        CASE WHEN nth %% 3 = 0 THEN 2 END, 'NZ', 'course ' || nth || ' centre', '', now(), now()
    FROM generate_series(1, 60) AS nth
"""


class Sown(NamedTuple):
    """`names` of mediators in all. `mediators`: one for each length of career, in entries, without CPD.

    `with_cpd`: a usual one with CPD. `with_long_pages`: a usual one who looks at a hundred rows at a time.
    """

    names: int
    mediators: dict[int, UUID]
    with_cpd: UUID
    with_long_pages: UUID


def people_for(entries: int) -> int:
    """How many mediators it takes to have so many entries."""
    long = _long_careers(entries)
    return len(long) + (entries - sum(long)) // USUAL_CAREER


def sow(*, names: int, entries: int) -> Sown:
    """`names` mediators who are open to directories, with `entries` entries in all, as after a vacuum."""
    long = _long_careers(entries)
    with connection.cursor() as cursor:
        # Not to ask for each row whether its person is there.
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(PEOPLE, {"names": names, "first": FIRST_NAMES, "last": LAST_NAMES})
        number = people_for(entries) - len(long)
        cursor.execute(ENTRIES, {"long": long, "usual": USUAL_CAREER, "number": number})
        cursor.execute("SET session_replication_role = DEFAULT")
        cursor.execute("SELECT DISTINCT ON (size) size, owner FROM career ORDER BY size, owner")
        mediators = dict(cursor.fetchall())
        cursor.execute("SELECT max(owner::text)::uuid FROM career WHERE size = %s", [USUAL_CAREER])
        (with_cpd,) = cursor.fetchone()
        cursor.execute(
            "SELECT owner FROM career WHERE size = %s AND owner NOT IN (%s, %s) LIMIT 1",
            [USUAL_CAREER, with_cpd, mediators[USUAL_CAREER]],
        )
        (with_long_pages,) = cursor.fetchone()
        cursor.execute(CPD, {"owner": with_cpd})
        cursor.execute("VACUUM (ANALYZE)")
        return Sown(names, mediators, with_cpd, with_long_pages)


def _long_careers(entries: int) -> list[int]:
    return [size for size in LONG_CAREERS if 4 * size <= entries]
