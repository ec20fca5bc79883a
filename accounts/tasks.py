"""Doors of the worker. They take ids or nothing, do what is due, and may run twice."""

from allauth.usersessions.models import UserSession
from celery import shared_task
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import connection

from accounts.models import FormKey
from accounts.services import imports, jobs, messages, orders, organisations, outbox, reminders, sign_ins
from logbook_site.foundation import clock


@shared_task
def deliver_outbox() -> None:
    """The bell: somebody has just queued a mail."""
    outbox.deliver_due()


@shared_task
def sweep_outbox() -> None:
    """Once a minute, for all that no bell announced."""
    outbox.sweep_outbox()


# Ended before another worker may take the job over.
JOB_SECONDS = settings.JOB_LEASE_HOURS * 3600


@shared_task
def forget_imports() -> None:
    """Once a minute: spreadsheets that were brought in and are over."""
    imports.forget_imports()


@shared_task(soft_time_limit=0.8 * JOB_SECONDS, time_limit=0.9 * JOB_SECONDS)
def run_job() -> None:
    """The bell: somebody waits for long work."""
    jobs.run_next()


@shared_task
def sweep_jobs() -> None:
    """Once a minute, for all that no bell announced."""
    jobs.sweep_jobs()


@shared_task
def expire_places() -> None:
    organisations.expire_places()


@shared_task
def settle_orders() -> None:
    orders.settle_orders()


@shared_task
def remind_of_end() -> None:
    reminders.remind_of_end()


@shared_task
def forget_sent_messages() -> None:
    messages.forget_sent_messages()


@shared_task
def forget_form_keys() -> None:
    FormKey.objects.filter(created_at__lt=clock.now() - clock.hours(settings.FORM_KEY_KEPT_HOURS)).delete()


@shared_task
def forget_sessions() -> None:
    """With what allauth noted of each sign-in: network address and browser."""
    sign_ins.end_outlived()
    Session.objects.filter(expire_date__lt=clock.elsewhere(clock.now())).delete()
    UserSession.objects.exclude(session_key__in=Session.objects.values("session_key")).delete()


@shared_task
def forget_tries() -> None:
    """Counts of tries name network addresses. Django's cache leaves those that are over until it is full."""
    table = connection.ops.quote_name(settings.CACHES["default"]["LOCATION"])
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {table} WHERE expires < %s", [clock.elsewhere(clock.now())])
