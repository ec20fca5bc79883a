"""manage.py reseal: after it the older keys can be dropped, and nothing else has changed."""

from datetime import date
from io import StringIO
from threading import Event
from uuid import UUID

import pytest
from allauth.mfa.models import Authenticator
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from accounts.models import ContactMessage, User
from accounts.services.second_factors import open_secret, seal_secret
from accounts.tests.factories import make_mediator
from accounts.tests.threads import at_once
from cpd.models import CpdEntry
from cpd.tests.factories import make_cpd
from feedback.models import Feedback, FeedbackNote, Notice, NoticeName, Respondent
from feedback.tests.factories import make_piece
from logbook import services
from logbook.models import LogbookEntry
from logbook.tests.factories import make_entry
from logbook_site.foundation.resealing import SealedColumn, reseal, sealed_columns
from logbook_site.foundation.sealing import is_sealed_with_newest, seal

OLDEST, OLD, NEW = "a" * 43, "o" * 43, "n" * 43
COLUMNS = {
    "accounts.User.saved_views_json",
    "accounts.ContactMessage.name",
    "accounts.ContactMessage.email",
    "accounts.ContactMessage.page",
    "accounts.ContactMessage.text",
    "logbook.LogbookEntry.did_well",
    "logbook.LogbookEntry.challenges",
    "logbook.LogbookEntry.learnings",
    "cpd.CpdEntry.takeaways",
    "feedback.FeedbackNote.note",
    "feedback.Respondent.name",
    "feedback.Respondent.email",
    "feedback.NoticeName.name",
}
SECRETS = "mfa.Authenticator.data"  # allauth's, sealed by its adapter
DONE = "Everything is sealed with the newest key. The old keys can be dropped."


def run() -> tuple[str, str, bool]:
    """What the command wrote, what it complained of, and whether it ended well."""
    out, err = StringIO(), StringIO()
    try:
        call_command("reseal", stdout=out, stderr=err)
    except CommandError as error:
        assert error.returncode == 1
        return out.getvalue(), err.getvalue() + str(error), False
    return out.getvalue(), err.getvalue(), True


def one_of_each() -> None:
    """Every column of `COLUMNS` gets a text that names it."""
    owner = make_mediator(saved_views_json="saved_views_json")
    make_entry(owner, did_well="did_well", challenges="challenges", learnings="learnings")
    make_cpd(owner, takeaways="takeaways")
    piece = make_piece(owner)
    FeedbackNote.objects.create(feedback=piece, note="note")
    Respondent.objects.create(feedback=piece, name="name", email="email", erase_on=date(2028, 1, 1))
    ContactMessage.objects.create(kind="other", name="name", email="email", page="page", text="text")
    NoticeName.objects.create(notice=Notice.objects.create(mediator=owner), feedback=piece, name="name")
    Authenticator.objects.create(user=owner, type="totp", data={"secret": seal_secret("SECRET")})


def stored() -> dict[str, dict]:
    """Every row of every table with a sealed text: all columns as they lie there."""
    models = [User, ContactMessage, LogbookEntry, CpdEntry, Feedback, FeedbackNote, Respondent, NoticeName]
    return {
        f"{model.__name__}:{values.get('id', values.get('feedback_id'))}": {
            name: bytes(value) if isinstance(value, memoryview) else value for name, value in values.items()
        }
        for model in models
        for values in model.objects.values()
    }


def column_of(name: str) -> SealedColumn:
    return next(column for column in sealed_columns() if str(column) == name)


def texts() -> set[str]:
    """All sealed texts, opened."""
    return {
        getattr(row, column.text.name) for column in sealed_columns() for row in column.model.objects.all()
    }


def all_of_the_newest() -> bool:
    return all(
        is_sealed_with_newest(value)
        for values in stored().values()
        for name, value in values.items()
        if name.endswith("_sealed") and value is not None
    )


def test_every_sealed_text_of_the_site_is_found() -> None:
    assert {str(column) for column in sealed_columns()} == COLUMNS
    assert len(sealed_columns()) == len(COLUMNS)


@pytest.mark.django_db
def test_afterwards_the_newest_key_alone_opens_everything(settings) -> None:
    settings.SEALING_KEYS = [OLD]
    one_of_each()
    settings.SEALING_KEYS = [NEW, OLD]
    out, err, is_well = run()
    assert (is_well, err) == (True, "")
    assert set(out.splitlines()) == {f"{name}: 1 sealed again." for name in {*COLUMNS, SECRETS}} | {DONE}
    assert out.splitlines()[-1] == DONE
    settings.SEALING_KEYS = [NEW]
    assert texts() == {name.rpartition(".")[2] for name in COLUMNS}
    assert open_secret(Authenticator.objects.get().data["secret"]) == "SECRET"


@pytest.mark.django_db
def test_texts_of_three_keys_and_deleted_entries(settings) -> None:
    owner, made = make_mediator(), []
    for keys in ([OLDEST], [OLD, OLDEST], [NEW, OLD, OLDEST]):
        settings.SEALING_KEYS = keys
        made.append(make_entry(owner, learnings=keys[0], deleted=keys == [OLDEST]))
    newest = bytes(LogbookEntry.objects.get(pk=made[2].pk).learnings_sealed)
    out, _err, is_well = run()
    assert is_well
    assert "logbook.LogbookEntry.learnings: 2 sealed again." in out
    settings.SEALING_KEYS = [NEW]
    assert [LogbookEntry.objects.get(pk=one.pk).learnings for one in made] == [OLDEST, OLD, NEW]
    assert bytes(LogbookEntry.objects.get(pk=made[2].pk).learnings_sealed) == newest


@pytest.mark.django_db
def test_nothing_but_the_sealed_columns_changes(settings) -> None:
    settings.SEALING_KEYS = [OLD]
    one_of_each()
    make_entry(challenges="", learnings="Only this one.")
    before = stored()
    settings.SEALING_KEYS = [NEW, OLD]
    settings.CLOCK_OFFSET_HOURS = 5
    assert run()[2]
    after = stored()
    changed = {
        name for row in before for name in before[row] if before[row][name] != after[row][name]
    }  # fmt: skip
    assert after.keys() == before.keys()
    assert changed == {
        "did_well_sealed", "challenges_sealed", "learnings_sealed", "takeaways_sealed", "note_sealed",
        "name_sealed", "email_sealed", "page_sealed", "text_sealed",
        "saved_views_sealed",
    }  # fmt: skip
    assert all(
        (before[row][name] is None) == (after[row][name] is None)
        for row in before
        for name in changed & before[row].keys()
    )


@pytest.mark.django_db
def test_a_second_run_does_nothing(settings) -> None:
    settings.SEALING_KEYS = [OLD]
    one_of_each()
    settings.SEALING_KEYS = [NEW, OLD]
    assert run()[2]
    before = stored()
    with CaptureQueriesContext(
        connection,
    ) as asked:
        out, _err, is_well = run()
    assert is_well
    assert set(out.splitlines()) == {f"{name}: 0 sealed again." for name in {*COLUMNS, SECRETS}} | {DONE}
    assert stored() == before
    assert not [query for query in asked.captured_queries if query["sql"].startswith("UPDATE")]


@pytest.mark.django_db
def test_what_no_key_opens_is_named_and_left(settings) -> None:
    settings.SEALING_KEYS = [OLDEST]
    lost = make_entry(learnings="a lost secret", did_well="another")
    settings.SEALING_KEYS = [OLD]
    make_entry(learnings="kept")
    moved = make_cpd(takeaways="moved")
    CpdEntry.objects.filter(pk=moved.pk).update(takeaways_sealed=make_cpd(takeaways="b").takeaways_sealed)
    before = stored()
    settings.SEALING_KEYS = [NEW, OLD]
    for sealed_now in (1, 0):
        out, err, is_well = run()
        assert not is_well
        assert DONE not in out
        assert f"logbook.LogbookEntry.learnings: {sealed_now} sealed again." in out
        assert set(err.splitlines()) == {
            f"logbook.LogbookEntry.learnings: {lost.pk} cannot be opened with any key.",
            f"logbook.LogbookEntry.did_well: {lost.pk} cannot be opened with any key.",
            f"cpd.CpdEntry.takeaways: {moved.pk} cannot be opened with any key.",
            "Cannot be opened with any key: 3, named above. They were left as they are.",
            "Keep the old keys.",
        }
        for row in (f"LogbookEntry:{lost.pk}", f"CpdEntry:{moved.pk}"):
            assert stored()[row] == before[row]
    settings.SEALING_KEYS = [OLD, OLDEST]
    assert LogbookEntry.objects.get(pk=lost.pk).learnings == "a lost secret"


@pytest.mark.django_db
def test_stopped_in_the_middle_it_goes_on(settings) -> None:
    settings.SEALING_KEYS = [OLDEST]
    lost = make_entry(id="00000000-0000-4000-8000-000000000000", learnings="lost")
    settings.SEALING_KEYS = [OLD]
    owner = make_mediator()
    entries = [make_entry(owner, learnings=f"Number {number}") for number in range(5)]
    settings.SEALING_KEYS = [NEW, OLD]
    learnings = column_of("logbook.LogbookEntry.learnings")
    started = reseal(learnings, size=2)
    first, second = next(started), next(started)
    started.close()
    assert (first.sealed, first.lost, second.sealed, second.lost) == (1, [UUID(lost.pk)], 2, [])
    assert learnings.with_older_keys().count() == 3
    assert {LogbookEntry.objects.get(pk=one.pk).learnings for one in entries} == {
        f"Number {number}" for number in range(5)
    }
    assert "logbook.LogbookEntry.learnings: 2 sealed again." in run()[0]
    settings.SEALING_KEYS = [NEW]
    assert {LogbookEntry.objects.get(pk=one.pk).learnings for one in entries} == {
        f"Number {number}" for number in range(5)
    }


@pytest.mark.django_db
def test_more_texts_than_one_batch(settings) -> None:
    settings.SEALING_KEYS = [OLD]
    owner = make_mediator()
    for number in range(7):
        make_entry(owner, learnings=f"Number {number}")
    settings.SEALING_KEYS = [NEW, OLD]
    batches = list(reseal(column_of("logbook.LogbookEntry.learnings"), size=3))
    assert [batch.sealed for batch in batches] == [3, 3, 1]
    assert all_of_the_newest()


@pytest.mark.django_db(transaction=True)
def test_between_two_batches_nothing_is_locked_and_what_is_done_is_stored(settings) -> None:
    settings.SEALING_KEYS = [OLD]
    owner = make_mediator()
    entries = [make_entry(owner, learnings=f"Number {number}") for number in range(3)]
    settings.SEALING_KEYS = [NEW, OLD]
    learnings = column_of("logbook.LogbookEntry.learnings")
    started = reseal(learnings, size=2)
    next(started)

    def another_connection() -> tuple[int, int]:
        with transaction.atomic():
            free = LogbookEntry.objects.select_for_update(nowait=True).filter(owner=owner)
            return len(free), learnings.with_older_keys().count()

    assert at_once(another_connection) == [(len(entries), 1)]
    started.close()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("saved_with", [[NEW, OLD], [OLD]])
def test_a_save_at_the_same_moment_is_not_lost(settings, saved_with: list[str]) -> None:
    """The save has begun and is not finished: the command waits for it, and takes what it wrote."""
    settings.SEALING_KEYS = [OLD]
    entry = make_entry(learnings="Before", title="Before")
    settings.SEALING_KEYS = saved_with
    changed = LogbookEntry.objects.get(pk=entry.pk)
    changed.learnings, changed.title = "After", "After"
    settings.SEALING_KEYS = [NEW, OLD]
    is_written = Event()

    def save() -> None:
        with transaction.atomic():
            services.save_entry(entry=changed, by=changed.owner)
            is_written.set()
            wait_until_somebody_waits()

    def seal_again() -> bool:
        assert is_written.wait(20)
        return run()[2]

    assert at_once(save, seal_again) == [None, True]
    settings.SEALING_KEYS = [NEW]
    kept = LogbookEntry.objects.get(pk=entry.pk)
    assert (kept.title, kept.learnings) == ("After", "After")


@pytest.mark.django_db(transaction=True)
def test_what_is_saved_again_and_again_is_not_lost(settings) -> None:
    """By a process that was not started again yet: at the end stands what the person saved last."""
    settings.SEALING_KEYS = [OLD]
    entry = make_entry(learnings="0")
    texts = [str(number) for number in range(1, 60)]
    sealed = [seal(text, about=LogbookEntry.learnings.about(entry.pk)) for text in texts]
    settings.SEALING_KEYS = [NEW, OLD]
    learnings = column_of("logbook.LogbookEntry.learnings")

    def save_often() -> None:
        for entry.learnings_sealed in sealed:
            services.save_entry(entry=entry, by=entry.owner)

    def seal_often() -> int:
        return sum(batch.sealed for _round in texts for batch in reseal(learnings))

    saved, sealed_again = at_once(save_often, seal_often)
    assert saved is None
    assert sealed_again > 0
    assert LogbookEntry.objects.get(pk=entry.pk).learnings == texts[-1]


@pytest.mark.django_db
def test_what_an_old_process_saved_meanwhile_is_told(settings, monkeypatch) -> None:
    settings.SEALING_KEYS = [OLD]
    make_entry(did_well="seen first")
    late = make_entry(learnings="late")
    sealed = late.learnings_sealed
    LogbookEntry.objects.filter(pk=late.pk).update(learnings_sealed=None)
    settings.SEALING_KEYS = [NEW, OLD]

    class Saves(StringIO):
        """Somebody saves when the last line of progress is written."""

        def write(self, text: str) -> int:
            if str(sealed_columns()[-1]) in text:
                LogbookEntry.objects.filter(pk=late.pk).update(learnings_sealed=sealed)
            return super().write(text)

    out, err = Saves(), StringIO()
    with pytest.raises(CommandError, match="Keep the old keys"):
        call_command("reseal", stdout=out, stderr=err)
    assert "Saved with an older key meanwhile: 1." in err.getvalue()
    assert DONE not in out.getvalue()
    assert run()[2]


def wait_until_somebody_waits() -> None:
    """Until another connection waits for a lock that this one holds."""
    for _try in range(400):
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*), pg_sleep(0.02) FROM pg_stat_activity"
                " WHERE pg_backend_pid() = ANY(pg_blocking_pids(pid))"
            )
            if cursor.fetchone()[0]:
                return
    raise AssertionError("nobody waited")
