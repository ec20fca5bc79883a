"""How many bytes a row takes, with its indexes. `docs/scaling.md` is arithmetic with these numbers."""

from django.db import connection

# As long as what people write: three short texts in an answer, 400 letters of learnings in every second entry.
MORE = """
    UPDATE logbook_logbookentry SET learnings_sealed = decode(repeat('5a', 440), 'hex')
    WHERE get_byte(uuid_send(id), 0) % 2 = 0;
    INSERT INTO feedback_feedbackrequest (id, mediator_id, batch, kind, ended_on, acted_as, language, remind,
        created_at, token_hash, link_ends_at, link_state, unreadable_at, is_lost)
    SELECT gen_random_uuid(), owner_id, gen_random_uuid(), 'email', ended_on, 'mediator', 'en', false, created_at,
        encode(sha256(id::text::bytea), 'hex'), now(), 'closed', now(), false
    FROM logbook_logbookentry;
    INSERT INTO feedback_feedback (id, mediator_id, survey, language, year, invited, shared, party_role, ratings,
        use_again, outcome, outcome_satisfied, helpful, better, quote, may_quote, code_hash)
    SELECT gen_random_uuid(), owner_id, 'mediator-1', 'en', 2026, true, true, 'party',
        '{"clear": 4, "prepared": 5, "voice": 5, "understood": 4, "respect": 5, "safe": 5, "overall": 4}',
        'yes', 'full', '5', repeat('It helped. ', 12), repeat('Sooner. ', 12), repeat('Calm. ', 10), 'yes',
        encode(sha256(id::text::bytea), 'hex')
    FROM logbook_logbookentry;
    INSERT INTO accounts_outboxmessage (id, message, object_id, state, not_before, attempts, last_error, created_at,
        first_due_at, finished_at)
    SELECT gen_random_uuid(), 'feedback.emails.invitation', id, 'sent', now(), 0, '', now(), now(), now()
    FROM logbook_logbookentry;
    INSERT INTO accounts_auditevent (id, at, actor_id, verb, object_type, object_id, reason)
    SELECT gen_random_uuid(), now(), owner_id, 'visibility_changed', 'accounts.mediatorprofile', id, 'private'
    FROM logbook_logbookentry;
    INSERT INTO cpd_cpdentry (id, owner_id, completed_on, title, kind, provider, minutes, points, country, folded,
        evidence_file, created_at, changed_at)
    SELECT gen_random_uuid(), owner_id, ended_on, 'A course on difficult talks', 'training', 'The house', 180, NULL,
        'NZ', 'a course on difficult talks the house', '', now(), now()
    FROM logbook_logbookentry
"""
SIZES = """
    SELECT relname, reltuples::bigint, pg_table_size(oid) / reltuples, pg_indexes_size(oid) / reltuples
    FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND reltuples >= 100
    ORDER BY pg_total_relation_size(oid) DESC
"""


def table() -> str:
    """After `seed.sow`: one row of each kind for every entry, and what each takes."""
    with connection.cursor() as cursor:
        cursor.execute(MORE)
        cursor.execute("VACUUM (FULL, ANALYZE)")
        cursor.execute(SIZES)
        lines = [f"{'table':32} {'rows':>10} {'bytes a row':>12} {'of indexes':>11}"]
        for name, rows, row, indexes in cursor.fetchall():
            lines.append(f"{name:32} {rows:>10,} {row:>12.0f} {indexes:>11.0f}")
    return "\n".join(lines)
