"""Long work: once at a time, again when its worker dies, and a page that says how it stands."""

import os
import signal
import subprocess
import sys
import time
from datetime import timedelta
from uuid import UUID

import pytest
import time_machine
from django.db import connection

from accounts import tasks
from accounts.choices import JobState, Role
from accounts.models import Job, User
from accounts.services import bell, jobs
from accounts.tests.factories import make_person, signed_in
from accounts.tests.threads import at_once
from logbook_site.foundation import clock

HERE = "accounts.tests.test_jobs"
done: list[UUID] = []


def good_work(job_id: UUID) -> str:
    done.append(job_id)
    return "/account-settings/"


def bad_work(job_id: UUID) -> str:
    done.append(job_id)
    User.objects.filter(jobs=job_id).update(name="Half done")
    raise RuntimeError("about somebody")


def endless_work(job_id: UUID) -> str:
    print("at work", flush=True)
    time.sleep(600)


def work_of_somebody_who_leaves(job_id: UUID) -> str:
    User.objects.filter(jobs=job_id).delete()
    return "/"


@pytest.fixture(autouse=True)
def nothing_done(monkeypatch) -> None:
    done.clear()
    monkeypatch.setattr(bell, "_rests_until", bell._rests_until)


def begin(work: str = "good_work", owner: User | None = None) -> Job:
    return jobs.begin_job(owner=owner or make_person(), work=f"{HERE}.{work}")[0]


def state_of(job: Job) -> tuple[str, int]:
    job.refresh_from_db()
    return job.state, job.attempts


def in_hours(hours: float):
    return time_machine.travel(clock.now() + timedelta(hours=hours), tick=False)


@pytest.mark.django_db
class TestWork:
    def test_is_done_once_and_its_result_is_kept(self):
        job = begin()
        jobs.run_next()
        jobs.run_next()
        assert (done, state_of(job), job.result) == ([job.pk], (JobState.DONE, 1), "/account-settings/")
        assert job.finished_at is not None

    def test_the_oldest_comes_first(self):
        with in_hours(-1):
            older = begin()
        newer = begin()
        jobs.run_next()
        jobs.run_next()
        assert done == [older.pk, newer.pk]

    def test_there_is_one_unfinished_job_of_a_kind_and_person(self):
        ann = make_person()
        job = begin(owner=ann)
        assert jobs.begin_job(owner=ann, work=job.work) == (job, False)
        assert begin("bad_work", owner=ann) != job
        assert begin() != job
        jobs.claim_job()
        assert jobs.begin_job(owner=ann, work=job.work) == (job, False)
        Job.objects.filter(pk=job.pk).update(
            state=JobState.DONE, lease_until=None, finished_at=clock.now(), result="/"
        )
        assert begin(owner=ann) != job

    def test_that_fails_is_tried_three_times(self):
        job = begin("bad_work")
        for attempt in (1, 2):
            jobs.run_next()
            assert state_of(job) == (JobState.DUE, attempt)
        jobs.run_next()
        assert state_of(job) == (JobState.FAILED, 3)
        jobs.run_next()
        assert done == [job.pk] * 3

    def test_of_a_lost_worker_is_due_again_after_its_lease(self, settings):
        job = begin()
        assert jobs.claim_job() == job
        jobs.sweep_jobs()
        jobs.run_next()
        assert done == []
        with in_hours(settings.JOB_LEASE_HOURS):
            jobs.sweep_jobs()
            assert state_of(job) == (JobState.DUE, 1)
            jobs.run_next()
        assert state_of(job) == (JobState.DONE, 2)

    def test_that_kills_its_worker_each_time_fails_in_the_end(self, settings):
        job = begin()
        for attempt in (1, 2, 3):
            jobs.claim_job()
            with in_hours(attempt * settings.JOB_LEASE_HOURS):
                jobs.recover_jobs()
        assert state_of(job) == (JobState.FAILED, 3)

    def test_a_worker_that_comes_too_late_changes_nothing(self, settings):
        job = begin()
        slow = jobs.claim_job()
        with in_hours(settings.JOB_LEASE_HOURS):
            jobs.recover_jobs()
            jobs.claim_job()
            jobs._run(slow)
            assert state_of(job) == (JobState.RUNNING, 2)

    def test_of_somebody_who_is_gone_leaves_nothing(self):
        begin("work_of_somebody_who_leaves")
        jobs.run_next()
        assert not Job.objects.exists()

    def test_is_forgotten_when_its_result_is(self):
        old, failed, running, other = begin(), begin("bad_work"), begin(), begin("bad_work")
        now = clock.now()
        finished = {"lease_until": None, "finished_at": now, "result": "/"}
        Job.objects.filter(pk=old.pk).update(state=JobState.DONE, **finished)
        Job.objects.filter(pk=failed.pk).update(state=JobState.FAILED, **finished)
        Job.objects.filter(pk=other.pk).update(
            state=JobState.DONE, **(finished | {"finished_at": now + timedelta(seconds=1)})
        )
        for work in (old.work, other.work):
            jobs.forget_jobs(work=work, finished_before=now)
        assert set(Job.objects.all()) == {running, other}

    def test_the_doors(self):
        job = begin()
        tasks.sweep_jobs()
        tasks.run_job()
        tasks.run_job()
        assert (done, state_of(job)[0]) == ([job.pk], JobState.DONE)

    def test_a_task_ends_before_another_worker_takes_over(self, settings):
        lease = settings.JOB_LEASE_HOURS * 3600
        assert tasks.run_job.soft_time_limit < tasks.run_job.time_limit < lease


@pytest.mark.django_db(transaction=True)
class TestTwoAtOnce:
    def test_begin_one_job(self):
        ann = make_person()
        begun = at_once(*[lambda: begin(owner=ann)] * 4)
        assert len({job.pk for job in begun}) == Job.objects.count() == 1

    def test_workers_do_it_once(self):
        job = begin()
        at_once(*[jobs.run_next] * 4)
        assert (done, state_of(job)) == ([job.pk], (JobState.DONE, 1))

    def test_sweeps_do_no_harm(self, settings):
        job = begin()
        jobs.claim_job()
        with in_hours(settings.JOB_LEASE_HOURS):
            at_once(*[jobs.recover_jobs] * 4)
            assert state_of(job) == (JobState.DUE, 1)


@pytest.mark.django_db(transaction=True)
def test_a_worker_that_is_killed_loses_nothing(settings, tmp_path):
    job = begin("endless_work")
    name = connection.settings_dict["NAME"]
    code = (
        "import django; django.setup()\n"
        "from django.conf import settings\n"
        f"settings.DATABASES['default']['NAME'] = {name!r}\n"
        "from accounts.services import jobs; jobs.run_next()"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, text=True, cwd=settings.BASE_DIR, env=os.environ
    )
    assert process.stdout.readline() == "at work\n"
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert state_of(job) == (JobState.RUNNING, 1)
    Job.objects.update(work=f"{HERE}.good_work")
    with in_hours(settings.JOB_LEASE_HOURS):
        jobs.sweep_jobs()
        jobs.run_next()
    assert (done, state_of(job)) == ([job.pk], (JobState.DONE, 2))


@pytest.mark.django_db(transaction=True)
def test_a_page_does_not_wait_for_a_redis_that_is_away(settings):
    from logbook_site.celery import app

    address = app.conf.broker_url
    app.conf.broker_url = "redis://127.0.0.1:1/0"
    app.pool.force_close_all()
    try:
        started = time.monotonic()
        first, second = begin(), begin()
        assert time.monotonic() - started < 5
        assert {first.state, second.state} == {JobState.DUE}
    finally:
        app.conf.broker_url = address
        app.pool.force_close_all()


@pytest.mark.django_db
class TestPage:
    def look(self, job: Job, client=None):
        return (client or signed_in(job.owner)).get(f"/jobs/{job.pk}/")

    def test_says_what_happens_and_looks_again_without_a_script(self):
        page = self.look(begin())
        assert page.status_code == 200
        assert 'http-equiv="refresh" content="3"' in page.text
        assert 'role="status"' in page.text and "This takes a moment." in page.text

    def test_says_so_when_it_is_late(self):
        with in_hours(-0.1):
            job = begin()
        assert "It takes longer than usual." in self.look(job).text

    def test_leads_to_the_result(self):
        job = begin()
        jobs.run_next()
        for method in ("get", "head", "post"):
            answer = getattr(signed_in(job.owner), method)(f"/jobs/{job.pk}/")
            assert (answer.status_code, answer.url) == (302, "/account-settings/"), method

    def test_what_failed_can_be_tried_again(self):
        job = begin("bad_work")
        client = signed_in(job.owner)
        for _try in range(jobs.TRIES):
            jobs.run_next()
        page = self.look(job, client)
        assert (
            "That did not work" in page.text
            and "refresh" not in page.text
            and "about somebody" not in page.text
        )
        answer = client.post(f"/jobs/{job.pk}/")
        again = Job.objects.unfinished().get()
        assert (again.work, again.owner, answer.url) == (job.work, job.owner, f"/jobs/{again.pk}/")
        # Another press finds the one that was begun.
        assert client.post(f"/jobs/{job.pk}/").url == answer.url

    def test_a_press_while_it_runs_begins_nothing(self):
        job = begin()
        assert signed_in(job.owner).post(f"/jobs/{job.pk}/").status_code == 200
        assert Job.objects.count() == 1

    @pytest.mark.parametrize("roles", [(), *[(role,) for role in Role]])
    def test_is_its_owners_alone(self, roles, client):
        job = begin()
        assert self.look(job, signed_in(make_person(*roles))).status_code == 404
        assert self.look(job, client).url == f"/accounts/login/?next=/jobs/{job.pk}/"
