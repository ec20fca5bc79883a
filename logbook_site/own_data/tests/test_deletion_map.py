"""How everything that refers to a person, or holds personal text, goes with the account: every field of every model.

Literal on purpose: a new field must be put here by somebody who has thought about it. What the words mean is checked
against the models; that it is true is shown in `test_deletion.py` and `test_forgotten_account.py`.
"""

from django.apps import apps
from django.db import models

PERSON = "with the person"  # the database's own rule, CASCADE
ROW = "with its row"
ENDED = "emptied or deleted by the deletion, whatever row it is in"
ID = "stays, an id that leads nowhere"
NAME_STAYS = "stays: a final Feedback Digest keeps its Reviewer's name, and loses the reference"
ADMINS = "stays: typed by admins, whose forms ask for no names"
NOBODYS = "about nobody"

# {model: how its rows go, and {field: how it goes}}. Only relations and texts; numbers, days and states go with rows.
MAP = {
    "accounts.User": {
        "password": ROW, "email": ROW, "name": ROW, "time_zone": ROW, "page_sizes": ROW, "saved_views_sealed": ROW,
    },
    "accounts.MediatorProfile": {
        "person": PERSON, "visibility": ROW, "imi_profile": ROW, "country": ROW, "languages": ROW, "about": ROW,
        "general_code": ROW,
    },
    "accounts.NameWord": {"person": PERSON, "word": ROW, "name": ROW},
    "accounts.Appointment": {"mediator": PERSON, "reviewer": PERSON, "invite_email": ENDED, "state": ROW},
    "accounts.Vetting": {"reviewer": PERSON, "state": ROW},
    "accounts.StaffPlace": {"organisation": ROW, "person": PERSON, "invite_email": ENDED, "state": ROW},
    "accounts.Organisation": {"name": NOBODYS},
    "accounts.AccessGrant": {"person": PERSON, "source": ROW, "code": ROW},
    "accounts.AccessCode": {"batch": NOBODYS, "code": NOBODYS},
    "accounts.CodeBatch": {"label": NOBODYS},
    "accounts.ShopProduct": {"name": NOBODYS},
    "accounts.OrderLine": {"state": NOBODYS, "email": ENDED, "grant": ENDED},
    "accounts.FormKey": {"person": PERSON, "address": ROW, "key": ROW, "redirect": ROW},
    "accounts.LedgerMark": {},
    "accounts.Import": {"owner": PERSON, "kind": ROW},
    "accounts.Job": {"owner": PERSON, "about": ROW, "work": ROW, "state": ROW, "result": ROW},
    "accounts.ContactMessage": {
        "kind": ENDED, "name_sealed": ENDED, "email_sealed": ENDED, "page_sealed": ENDED, "text_sealed": ENDED,
        "roles": ENDED,
    },
    "accounts.OutboxMessage": {"message": ENDED, "object_id": ENDED, "state": ENDED, "last_error": ENDED},
    "accounts.AuditEvent": {"actor_id": ID, "verb": ID, "object_type": ID, "object_id": ID, "reason": ADMINS},
    "account.EmailAddress": {"user": PERSON, "email": ROW},
    "account.EmailConfirmation": {"email_address": ROW, "key": ROW},
    "mfa.Authenticator": {"user": PERSON, "type": ROW, "data": ROW},
    "usersessions.UserSession": {"user": PERSON, "ip": ROW, "session_key": ROW, "user_agent": ROW, "data": ROW},
    "sessions.Session": {"session_key": ENDED, "session_data": ENDED},
    "admin.LogEntry": {
        "user": PERSON, "content_type": ROW, "object_id": ENDED, "object_repr": ENDED, "change_message": ENDED,
    },
    "logbook.LogbookEntry": {
        "owner": PERSON, "title": ROW, "role": ROW, "medium": ROW, "subject": ROW, "country": ROW, "language": ROW,
        "outcome": ROW, "provider": ROW, "setting": ROW, "paid": ROW, "full_scale": ROW, "did_well_sealed": ROW,
        "challenges_sealed": ROW, "learnings_sealed": ROW, "folded": ROW, "folded_subject": ROW, "totals_group": ROW,
        "imported_in": ROW,
    },
    "cpd.CpdEntry": {
        "owner": PERSON, "title": ROW, "kind": ROW, "provider": ROW, "country": ROW, "takeaways_sealed": ROW,
        "evidence_file": ENDED, "folded": ROW, "imported_in": ROW,
    },
    "feedback.FeedbackRequest": {
        "mediator": PERSON, "batch": ROW, "kind": ROW, "acted_as": ROW, "language": ROW, "token_hash": ROW,
        "link_state": ROW, "sealed": ROW,
    },
    "feedback.PendingFeedback": {"mediator": PERSON, "token_hash": ROW, "sealed": ROW},
    "feedback.Feedback": {
        "mediator": PERSON, "survey": ROW, "language": ROW, "party_role": ROW, "ratings": ROW, "use_again": ROW,
        "outcome": ROW, "outcome_satisfied": ROW, "helpful": ROW, "better": ROW, "quote": ROW, "may_quote": ROW,
        "code_hash": ROW,
    },
    # Of those who left feedback about them. What they said themselves as a party elsewhere goes in its own time.
    "feedback.Respondent": {"feedback": ROW, "name_sealed": ROW, "email_sealed": ROW},
    "feedback.FeedbackNote": {"feedback": ROW, "note_sealed": ROW},
    "feedback.FeedbackReport": {"feedback": ROW, "reason": ROW, "state": ROW},
    "feedback.Notice": {"mediator": PERSON},
    "feedback.NoticeName": {"notice": ROW, "feedback": ROW, "name_sealed": ROW},
    # A keyed hash, which leads nowhere: who asked to be left alone still is.
    "feedback.Suppression": {"address_hash": ID},
    "reviewers.Digest": {
        "mediator": PERSON, "reviewer": NAME_STAYS, "reviewer_name": NAME_STAYS, "state": ROW, "text": ROW,
        "based_on": ROW, "comment": ROW,
    },
    # Ids of the last weekly mail; the next one writes them anew.
    "reviewers.News": {"reviewer": PERSON, "mediators": ID, "pieces": ID},
    # Of somebody who looked: the day, the organisation, and an id.
    "directory.Look": {"mediator": PERSON, "person_id": ID, "organisation_name": NOBODYS},
    "auth.Permission": {"name": NOBODYS, "content_type": NOBODYS, "codename": NOBODYS},
    "auth.Group": {"name": NOBODYS},
    "contenttypes.ContentType": {"app_label": NOBODYS, "model": NOBODYS},
}  # fmt: skip
HARMLESS = (
    models.BooleanField, models.IntegerField, models.DecimalField, models.DateField, models.DateTimeField,
)  # fmt: skip


def worth_a_word(model: type[models.Model]) -> set[str]:
    """Relations, texts, bytes, lists, ids of others: all but the row's own id, numbers and times."""
    fields = model._meta.concrete_fields
    own_ids = {field.name for field in fields if field.primary_key and not field.is_relation}
    own_ids -= {"session_key", "address_hash"}
    ids_of_time = {"unreadable_at"}
    return {field.name for field in fields if not isinstance(field, HARMLESS)} - own_ids - ids_of_time


def test_every_field_that_could_tell_of_somebody_is_in_the_map() -> None:
    found = {model._meta.label: worth_a_word(model) for model in apps.get_models()}
    assert found == {label: set(fields) for label, fields in MAP.items()}


def test_what_goes_with_the_person_goes_by_the_databases_rule() -> None:
    """Every relation to a person cascades, but the one whose name stays."""
    related = {
        (field.model._meta.label, field.name): field.remote_field.on_delete
        for model in apps.get_models()
        for field in model._meta.concrete_fields
        if field.is_relation and field.related_model._meta.label == "accounts.User"
    }
    assert {where for where, rule in related.items() if rule is not models.CASCADE} == {
        ("reviewers.Digest", "reviewer")
    }
    assert related[("reviewers.Digest", "reviewer")] is models.SET_NULL
    assert set(related) == {
        (label, name)
        for label, fields in MAP.items()
        for name, how in fields.items()
        if how == PERSON or (how == NAME_STAYS and name == "reviewer")
    }


def test_a_row_that_goes_with_its_row_hangs_on_somebody() -> None:
    """A model whose fields go "with their row" has a way to a person, along relations that cascade."""

    def reaches_a_person(model: type[models.Model], seen: frozenset = frozenset()) -> bool:
        if model._meta.label == "accounts.User":
            return True
        return any(
            field.related_model not in seen and reaches_a_person(field.related_model, seen | {model})
            for field in model._meta.concrete_fields
            if field.is_relation and field.remote_field.on_delete is models.CASCADE
        )

    for label, fields in MAP.items():
        if set(fields.values()) & {ROW, PERSON}:
            assert reaches_a_person(apps.get_model(label)), label
