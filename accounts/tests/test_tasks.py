"""The doors of the worker: each does its work when called, and harmlessly again."""

from datetime import timedelta

import pytest
import time_machine
from allauth.usersessions.models import UserSession
from celery import current_app
from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.db import connection
from django.test import Client

from accounts import tasks
from accounts.choices import OutboxState
from accounts.models import FormKey
from accounts.services.outbox import claim_messages, queue_message
from accounts.tests.doors import sign_in
from accounts.tests.factories import PASSWORD, make_person, signed_in
from logbook_site.foundation import clock

pytestmark = pytest.mark.django_db


def at(moment):
    return time_machine.travel(moment, tick=False)


def test_the_timetable_names_tasks_that_exist():
    timetable = current_app.conf.beat_schedule
    current_app.loader.import_default_modules()
    assert {entry["task"] for entry in timetable.values()} <= set(current_app.tasks)
    every = {entry["task"].rpartition(".")[2]: entry["schedule"] for entry in timetable.values()}
    assert every["sweep_outbox"] <= 60  # the promise: missed mail is found within a minute
    assert every["expire_appointments"] == 3600


def test_deliver_outbox(mailoutbox):
    row = queue_message(message="accounts.tests.test_outbox.letter", object_id=make_person().pk)
    tasks.deliver_outbox()
    tasks.deliver_outbox()
    row.refresh_from_db()
    assert (row.state, len(mailoutbox)) == (OutboxState.SENT, 1)


def test_sweep_outbox_finds_what_a_sender_left(mailoutbox):
    row = queue_message(message="accounts.tests.test_outbox.letter", object_id=make_person().pk)
    [claimed] = claim_messages(1)
    with at(claimed.lease_until):
        tasks.sweep_outbox()
        tasks.sweep_outbox()
    row.refresh_from_db()
    assert (row.state, len(mailoutbox)) == (OutboxState.SENT, 1)


def test_forget_form_keys():
    kept = clock.hours(settings.FORM_KEY_KEPT_HOURS)
    key = FormKey.objects.create(person=make_person(), address="/", key="one")
    with at(key.created_at + kept):
        tasks.forget_form_keys()
        assert FormKey.objects.exists()
    with at(key.created_at + kept + timedelta(seconds=1)):
        tasks.forget_form_keys()
        assert not FormKey.objects.exists()


def test_forget_sessions():
    signed_in(make_person())
    session = Session.objects.get()
    tasks.forget_sessions()
    assert Session.objects.exists()
    with at(session.expire_date + timedelta(seconds=1)):
        tasks.forget_sessions()
    assert not Session.objects.exists()


def test_forget_sessions_with_where_they_were():
    """A sign-in that ended leaves no network address; one that goes on keeps its line in the list."""
    staying, gone = Client(), Client()
    person = make_person(password=PASSWORD)
    for browser in (staying, gone):
        sign_in(browser, person)
    Session.objects.filter(session_key=gone.session.session_key).delete()
    tasks.forget_sessions()
    assert [each.session_key for each in UserSession.objects.all()] == [staying.session.session_key]


def test_forget_tries():
    """Network addresses stand in the counts: what is over goes, what still counts stays."""
    cache.set("over", [1], timeout=60)
    cache.set("counts", [1], timeout=7200)
    with at(clock.now() + timedelta(hours=1)):
        tasks.forget_tries()
    with connection.cursor() as cursor:
        cursor.execute("SELECT cache_key FROM rate_limits")
        assert [key for (key,) in cursor.fetchall()] == [":1:counts"]
