"""The worker and its timetable. PostgreSQL holds what is due; Celery only rings the bell."""

import os

from celery import Celery
from celery.signals import setup_logging, worker_init

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "logbook_site.settings")

app = Celery("logbook_site")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

app.conf.beat_schedule = {
    # Finds mail that no bell announced: a worker that died, a Redis that was away.
    # One that could not start within its minute is not needed any more: the next one finds the same.
    "sweep-outbox": {
        "task": "accounts.tasks.sweep_outbox",
        "schedule": 60.0,
        "options": {"expires": 60},
    },
    # The same for long work that somebody waits for.
    "sweep-jobs": {
        "task": "accounts.tasks.sweep_jobs",
        "schedule": 60.0,
        "options": {"expires": 60},
    },
    # The keys end on their own; these minutes tidy up behind them.
    "forget-contacts": {
        "task": "feedback.tasks.forget_contacts",
        "schedule": 60.0,
        "options": {"expires": 60},
    },
    "release-feedback": {
        "task": "feedback.tasks.release_feedback",
        "schedule": 60.0,
        "options": {"expires": 60},
    },
    # Who waits for the end of a time, sees within a minute that it is kept.
    "forget-downloads": {
        "task": "logbook_site.tasks.forget_downloads",
        "schedule": 60.0,
        "options": {"expires": 60},
    },
    "forget-imports": {
        "task": "accounts.tasks.forget_imports",
        "schedule": 60.0,
        "options": {"expires": 60},
    },
    "delete-accounts": {
        "task": "logbook_site.tasks.delete_accounts",
        "schedule": 60.0,
        "options": {"expires": 60},
    },
    "forget-sign-ups": {"task": "logbook_site.tasks.forget_sign_ups", "schedule": 3600.0},
    "forget-ended-links": {"task": "feedback.tasks.forget_ended_links", "schedule": 3600.0},
    "forget-respondents": {"task": "feedback.tasks.forget_respondents", "schedule": 24 * 3600.0},
    "expire-appointments": {"task": "reviewers.tasks.expire_appointments", "schedule": 3600.0},
    # Each Reviewer gets one mail a week at most; who is due is looked up each hour.
    "tell-reviewers-news": {"task": "reviewers.tasks.tell_news", "schedule": 3600.0},
    "expire-staff-places": {"task": "accounts.tasks.expire_places", "schedule": 3600.0},
    "settle-orders": {"task": "accounts.tasks.settle_orders", "schedule": 3600.0},
    "remind-of-end-of-access": {"task": "accounts.tasks.remind_of_end", "schedule": 3600.0},
    "forget-old-looks": {"task": "directory.tasks.forget_looks", "schedule": 24 * 3600.0},
    "forget-deleted-entries": {"task": "logbook.tasks.forget_deleted_entries", "schedule": 3600.0},
    "forget-deleted-cpd": {"task": "cpd.tasks.forget_deleted_entries", "schedule": 3600.0},
    "forget-lost-evidence": {"task": "cpd.tasks.forget_lost_evidence", "schedule": 24 * 3600.0},
    "forget-sent-messages": {"task": "accounts.tasks.forget_sent_messages", "schedule": 3600.0},
    "forget-old-form-keys": {"task": "accounts.tasks.forget_form_keys", "schedule": 3600.0},
    "forget-old-tries": {"task": "accounts.tasks.forget_tries", "schedule": 3600.0},
    "forget-ended-sessions": {"task": "accounts.tasks.forget_sessions", "schedule": 3600.0},
}


@setup_logging.connect
def use_our_log(**kwargs: object) -> None:
    """The worker logs through the same formatter as the site: no address and no token."""
    from logging.config import dictConfig

    from logbook_site.foundation.logs import LOGGING

    dictConfig(LOGGING)


@worker_init.connect
def check_before_working(**kwargs: object) -> None:
    from django.core.exceptions import ImproperlyConfigured

    from accounts.services.ledger import RestoredDatabase
    from logbook_site.start import check_at_start  # needs the settings

    try:
        check_at_start()
    except (ImproperlyConfigured, RestoredDatabase) as error:
        raise SystemExit(str(error)) from error  # Celery would log any other exception, and go on
