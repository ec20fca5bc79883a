"""The Feedback Digest, from the first draft to the next one: by the pages, and by the mails that arrived."""

import io
import re
from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.test import Client
from pypdf import PdfReader

from accounts.models import User
from accounts.services import outbox
from accounts.tests.factories import (
    make_admin,
    make_appointment,
    make_directory,
    make_mediator,
    make_pending,
    make_reviewer,
    signed_in,
)
from feedback.models import Feedback
from feedback.tests.factories import make_piece
from logbook_site.foundation import clock
from reviewers.choices import DigestState
from reviewers.models import Digest
from reviewers.services import appointing
from reviewers.tests.factories import make_checked, make_draft, make_final

pytestmark = pytest.mark.django_db(transaction=True)
MINE = "/feedback/digest/"


@pytest.fixture(autouse=True)
def mailbox(settings) -> list:
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    return mail.outbox


def delivered() -> list:
    """The mails that the outbox sends now."""
    before = len(mail.outbox)
    outbox.deliver_due()
    return mail.outbox[before:]


def hidden_of(page: str) -> dict[str, str]:
    """How many answers the page says to have been taken back."""
    return dict(re.findall(r'<input type="hidden" name="(gone)" value="(\d+)">', page))


def page_of(digest: Digest) -> str:
    return f"/review/{digest.mediator_id}/digest/"


def stored(digest: Digest) -> Digest:
    return Digest.objects.get(pk=digest.pk)


def act(client: Client, digest: Digest, action: str, **fields):
    """Presses a button on the page as it is now; `fields` say what is different."""
    now = stored(digest)
    return client.post(page_of(digest), {"action": action, "text": now.text, "version": now.version} | fields)


def text_of(answer) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(answer.content)).pages)


BASED = "Based on 6 answers, 2025–2026 (years with three answers or more)"


def test_from_the_first_words_to_the_next_version() -> None:
    amina, rosa = make_mediator(name="Amina Okafor"), make_reviewer(name="Rosa Lindqvist", vetted=True)
    make_appointment(amina, rosa)
    for year in (2025, 2026) * 3:
        make_piece(amina, year=year, shared=False)
    writer, reader = signed_in(rosa), signed_in(amina)
    page = f"/review/{amina.pk}/digest/"
    assert BASED in writer.get(page).content.decode()
    assert not Digest.objects.exists()
    assert writer.post(page, {"action": "save", "text": "A draft", "version": "0"}).url == page
    assert "A draft" not in reader.get(MINE).content.decode()
    assert delivered() == []

    assert writer.post(page, {"action": "facts", "text": "Calm and clear.", "version": "1"}).url == page
    (asked,) = delivered()
    assert (asked.to, "Rosa Lindqvist" in asked.subject) == ([amina.email], True)
    assert f"{MINE}\n" in asked.body
    assert "Check the facts in your Feedback Digest" in reader.get("/").content.decode()
    checked = reader.get(MINE).content.decode()
    assert "Calm and clear." in checked
    assert BASED in checked

    make_piece(amina, year=2024)  # too late for this version
    refused = writer.post(page, {"action": "final", "text": "Calm and clear.", "version": "2"})
    assert refused.status_code == 200
    assert "still checking the facts" in refused.content.decode()
    assert reader.post(MINE, {"comment": "It was two days, not one."}).url == MINE
    (told,) = delivered()
    assert (told.to, "Amina Okafor" in told.subject) == ([rosa.email], True)
    assert "Check the facts" not in reader.get("/").content.decode()
    assert "It was two days, not one." in writer.get(page).content.decode()

    assert writer.post(page, {"action": "final", "text": "Calm. Two days.", "version": "2"}).url == page
    (done,) = delivered()
    assert (done.to, "final" in done.subject) == ([amina.email], True)
    final = reader.get(MINE).content.decode()
    day = f"{clock.now():%-d %B %Y}"
    for words in ("Calm. Two days.", BASED, "Rosa Lindqvist", day):
        assert words in final
    assert f"Feedback Digest written by Rosa Lindqvist, {day}" in final  # to copy
    paper = text_of(reader.get(f"{MINE}pdf/"))
    for words in ("Calm. Two days.", BASED, "Rosa Lindqvist", day, "Amina Okafor"):
        assert words in paper

    again = writer.get(page)
    assert again.context["form"].initial == {"text": "Calm. Two days.", "version": 3}
    assert writer.post(page, {"action": "save", "text": "Now even calmer", "version": "3"}).url == page
    assert "even calmer" not in reader.get(MINE).content.decode()
    assert sorted(Digest.objects.values_list("state", "text", "version")) == [
        ("draft", "Now even calmer", 4),
        ("final", "Calm. Two days.", 3),
    ]


def test_two_tabs_lose_nothing() -> None:
    draft = make_draft(text="First")
    client = signed_in(draft.reviewer)
    assert act(client, draft, "save", text="From the first tab").status_code == 302
    for action in ("save", "facts", "final"):
        answer = act(client, draft, action, text="From the second tab", version=draft.version)
        assert answer.status_code == 409
        page = answer.content.decode()
        assert "From the first tab" in page
        assert "From the second tab" in page
        assert (stored(draft).text, stored(draft).state) == ("From the first tab", "draft")
    assert answer.context["form"]["version"].value() == 2  # who saves now has seen both
    assert act(client, draft, "save", text="From both tabs").status_code == 302
    assert stored(draft).text == "From both tabs"


def test_a_tab_that_was_left_open_does_not_begin_a_new_version() -> None:
    final = make_final(text="The end")
    client = signed_in(final.reviewer)
    for version in (0, 1, 2):
        answer = client.post(page_of(final), {"action": "save", "text": "Long ago", "version": version})
        assert answer.status_code == 409
    assert list(Digest.objects.values_list("text", flat=True)) == ["The end"]


def test_the_script_is_answered_in_numbers() -> None:
    draft = make_draft()
    client = signed_in(draft.reviewer)
    accept = {"Accept": "application/json"}
    posted = {"action": "save", "text": "On its own", "version": draft.version}
    answer = client.post(page_of(draft), posted, headers=accept)
    assert answer.json()["version"] == stored(draft).version == 2
    assert len(answer.json()["saved_at"]) == 5
    conflict = client.post(page_of(draft), posted | {"text": "Other words"}, headers=accept)
    assert (conflict.status_code, conflict.json()) == (409, {"version": 2})
    long = client.post(page_of(draft), posted | {"text": "a" * 20_001}, headers=accept)
    assert "20000" in long.json()["refused"]
    assert "saved" not in str(list(client.get("/").context["messages"])).lower()


def test_a_double_press_does_nothing_twice() -> None:
    draft = make_draft()
    client = signed_in(draft.reviewer)
    once = {"text": draft.text, "version": draft.version}
    for _press in range(2):
        assert client.post(page_of(draft), once | {"action": "facts"}).status_code == 302
    assert len(delivered()) == 1
    reader = signed_in(draft.mediator)
    for _press in range(2):
        assert reader.post(MINE, {"comment": "All correct."}).status_code == 302
    assert len(delivered()) == 1
    once["version"] = stored(draft).version
    for _press in range(2):
        assert client.post(page_of(draft), once | {"action": "final"}).status_code == 302
    assert len(delivered()) == 1
    assert Digest.objects.count() == 1


def test_a_comment_is_sent_once_and_about_what_was_read() -> None:
    checked = make_checked()
    reader = signed_in(checked.mediator)
    for comment, words in (("", "Write a comment"), ("a" * 5001, "5000")):
        answer = reader.post(MINE, {"comment": comment})
        assert answer.status_code == 200
        assert 'aria-invalid="true"' in answer.content.decode()
        assert words in answer.content.decode()
    stale = reader.post(MINE, {"comment": "Fine.", "version": checked.version - 1})
    assert "The text has changed meanwhile" in stale.content.decode()
    assert stored(checked).commented_at is None
    assert (
        reader.post(MINE, {"comment": "Line one\r\n" * 500}).status_code == 302
    )  # 4,500 letters and new lines
    second = reader.post(MINE, {"comment": "And another thing"})
    assert second.status_code == 200
    assert "And another thing" in second.content.decode()
    assert stored(checked).comment.startswith("Line one\nLine one")


def test_a_comment_that_comes_too_late_is_not_lost() -> None:
    final = make_final()
    answer = signed_in(final.mediator).post(MINE, {"comment": "Words of mine"})
    assert answer.status_code == 200
    assert "Your comment was not sent" in answer.content.decode()
    assert "Words of mine" in answer.content.decode()
    assert stored(final).comment == "All correct."


def test_without_a_comment_it_can_be_final_when_the_time_is_over(settings) -> None:
    checked = make_checked()
    client = signed_in(checked.reviewer)
    assert checked.facts_until - clock.now() > timedelta(hours=settings.FACTS_CHECK_HOURS - 1)
    with time_machine.travel(checked.facts_until - timedelta(minutes=1)):
        assert act(signed_in(checked.reviewer), checked, "final").status_code == 200
        assert stored(checked).state == DigestState.FACTS
    with time_machine.travel(checked.facts_until):
        client = signed_in(checked.reviewer)
        assert "The mediator did not comment" in client.get(page_of(checked)).content.decode()
        assert act(client, checked, "final").status_code == 302
    assert stored(checked).state == DigestState.FINAL


def test_a_draft_cannot_be_made_final() -> None:
    draft = make_draft()
    answer = act(signed_in(draft.reviewer), draft, "final")
    assert answer.status_code == 200
    assert "check of facts first" in answer.content.decode()
    assert stored(draft).state == DigestState.DRAFT


def test_taken_back_the_check_begins_anew() -> None:
    checked = make_checked(text="With a mistake")
    client, reader = signed_in(checked.reviewer), signed_in(checked.mediator)
    reader.post(MINE, {"comment": "There is a mistake."})
    delivered()
    assert act(client, checked, "save", text="Without").status_code == 302
    assert (stored(checked).state, stored(checked).commented_at) == (DigestState.DRAFT, None)
    page = reader.get(MINE).content.decode()
    assert "With" not in page.partition("<main")[2].partition("</main")[0].replace("Without it", "")
    assert act(client, checked, "final").status_code == 200
    with time_machine.travel(clock.now() + timedelta(hours=10)):
        assert act(signed_in(checked.reviewer), checked, "facts").status_code == 302
        assert stored(checked).facts_until > checked.facts_until
        assert len(delivered()) == 1
    assert act(signed_in(checked.reviewer), checked, "final").status_code == 200


def test_an_empty_digest_is_not_sent_and_a_long_one_is_not_cut() -> None:
    draft = make_draft()
    client = signed_in(draft.reviewer)
    for action in ("facts", "final"):
        empty = act(client, draft, action, text=" \n ")
        assert "It is still empty" in empty.content.decode()
        assert 'aria-invalid="true"' in empty.content.decode()
    letter = "Word and word. " * 1400  # 21,000 letters
    long = act(client, draft, "save", text=letter)
    assert long.status_code == 200
    assert letter.strip() in long.content.decode()
    assert act(client, draft, "save", text="é\r\n" * 9_998 + "ends").status_code == 302
    assert len(stored(draft).text) == 20_000
    too_large = act(client, draft, "save", text="a" * 1_100_000)
    assert too_large.status_code == 413
    assert act(client, draft, "save", text="a" * 1_000_000).status_code == 200
    for odd in (
        {"action": "burn"},
        {"version": "x"},
        {"version": "-1"},
        {"version": "9" * 30},
        {"text": "a\0b"},
    ):
        answer = act(client, draft, **{"action": "save", "text": "Odd words", **odd})
        assert answer.status_code in {200, 409}, odd
    assert "Odd words" not in Digest.objects.values_list("text", flat=True)


def test_who_is_not_checked_yet_may_write_but_not_send() -> None:
    draft = make_draft(make_reviewer())
    client = signed_in(draft.reviewer)
    make_piece(draft.mediator, shared=False, helpful="For checked eyes only")
    page = client.get(page_of(draft)).content.decode()
    assert "For checked eyes only" not in page
    assert "has not checked you yet" in page
    for action in ("facts", "final"):
        answer = act(client, draft, action)
        assert "You have not been checked" in answer.content.decode()
    assert act(client, draft, "save", text="More").status_code == 302
    appointing.vet(reviewer=draft.reviewer, by=make_admin())
    assert act(client, draft, "facts").status_code == 302


def everybody_else(digest: Digest) -> list[User]:
    """The mediator, colleagues of both, the other roles, and a Reviewer who is only asked yet."""
    asked = make_pending(digest.mediator).reviewer
    colleague = make_reviewer(vetted=True)
    make_appointment(reviewer=colleague)
    return [
        digest.mediator,
        make_mediator(),
        make_reviewer(),
        colleague,
        asked,
        make_directory(),
        make_admin(),
    ]


@pytest.mark.parametrize("make", [make_draft, make_checked, make_final])
def test_a_reviewers_page_is_theirs_alone(make) -> None:
    digest = make(text="Seven words that nobody else shall read")
    before = list(Digest.objects.values())
    for person in everybody_else(digest):
        client = signed_in(person)
        for path in (page_of(digest), f"{page_of(digest)}pdf/", f"{page_of(digest)}pdf/?of={digest.pk}"):
            assert client.get(path).status_code == 404, (person.roles, path)
        for action in ("save", "facts", "final"):
            posted = {"action": action, "text": "Mine", "version": digest.version}
            assert client.post(page_of(digest), posted).status_code == 404, person.roles
    assert Client().post(page_of(digest), {"action": "save"}).url.startswith("/accounts/login/")
    assert list(Digest.objects.values()) == before


def test_the_mediators_page_is_theirs_alone() -> None:
    checked, final = make_checked(text="Words to check"), make_final(text="Words for ever")
    before = list(Digest.objects.values())
    others = [
        make_mediator(),
        make_reviewer(),
        checked.reviewer,
        final.reviewer,
        make_directory(),
        make_admin(),
    ]
    for person in others:
        client = signed_in(person)
        status = 200 if person.is_mediator else 404
        for answer in (client.get(MINE), client.post(MINE, {"comment": "Mine"})):
            assert answer.status_code == status, person.roles
            assert "Words to check" not in answer.content.decode()
            assert "Words for ever" not in answer.content.decode()
        for path in (f"{MINE}pdf/", f"{MINE}pdf/?of={final.pk}", f"{MINE}pdf/?of=x"):
            assert client.get(path).status_code == 404
    assert signed_in(final.mediator).get(f"{MINE}pdf/?of={checked.pk}").status_code == 404
    assert signed_in(checked.mediator).get(f"{MINE}pdf/").status_code == 404  # nothing final
    assert list(Digest.objects.values()) == before


def test_when_the_appointment_ends_so_does_the_work() -> None:
    final = make_final(text="What stays")
    delivered()
    client = signed_in(final.reviewer)
    act_on = client.post(page_of(final), {"action": "save", "text": "A new draft", "version": final.version})
    assert act_on.status_code == 302
    draft = Digest.objects.get(state="draft")
    assert act(client, draft, "facts").status_code == 302
    appointment = final.mediator.appointments_made.get()
    appointing.end(appointment=appointment, by=final.mediator)
    for path in (page_of(final), f"{page_of(final)}pdf/", f"{page_of(final)}pdf/?of={final.pk}"):
        assert client.get(path).status_code == 404
    for action in ("save", "facts", "final"):
        assert act(client, draft, action, text="Too late").status_code == 404
    reader = signed_in(final.mediator)
    page = reader.get(MINE).content.decode()
    assert "What stays" in page
    assert "A new draft" not in page  # nobody would ever finish it
    assert "Your comment was not sent" in reader.post(MINE, {"comment": "Hello?"}).content.decode()
    assert [message.to for message in delivered() if "digest" in message.body.lower()] == []

    successor = make_reviewer(vetted=True)
    make_appointment(final.mediator, successor)
    fresh = signed_in(successor).get(page_of(final))
    assert fresh.context["form"].initial == {"text": "", "version": 0}
    assert "A new draft" not in fresh.content.decode()


def test_the_name_of_the_author_stays_when_they_leave() -> None:
    final = make_final(reviewer=make_reviewer(name="Rosa Lindqvist", vetted=True))
    final.reviewer.delete()
    client = signed_in(final.mediator)
    assert "Rosa Lindqvist" in client.get(MINE).content.decode()
    assert "Rosa Lindqvist" in text_of(client.get(f"{MINE}pdf/"))


def test_looking_changes_nothing() -> None:
    checked, final = make_checked(), make_final()
    before = list(Digest.objects.values())
    for digest in (checked, final):
        for person, paths in (
            (digest.reviewer, (page_of(digest), f"{page_of(digest)}pdf/")),
            (digest.mediator, (MINE, f"{MINE}pdf/", "/")),
        ):
            for path in paths:
                for method in ("get", "head"):
                    getattr(signed_in(person), method)(path, {"action": "final", "comment": "x", "text": "y"})
    assert list(Digest.objects.values()) == before


def test_what_a_party_took_back_is_not_counted_in_the_final_one() -> None:
    checked = make_checked()
    make_piece(checked.mediator)
    client = signed_in(checked.reviewer)
    assert act(client, checked, "facts", text="Rests on two").status_code == 302
    assert len(stored(checked).based_on) == 2
    gone, left = stored(checked).based_on
    assert "taken back" not in client.get(page_of(checked)).text
    Feedback.objects.get(pk=gone).delete()
    assert "1 answer was taken back since you wrote this." in client.get(page_of(checked)).text
    signed_in(checked.mediator).post(MINE, {"comment": "Good."})
    unseen = act(client, checked, "final")  # from a page that was opened before
    assert "An answer was taken back meanwhile." in unseen.text
    act(client, checked, "final", **hidden_of(unseen.text))
    assert stored(checked).based_on == [left]
    assert "Based on 1 answer\n" in signed_in(checked.mediator).get(MINE).content.decode()


def test_what_a_party_takes_back_from_a_draft_is_told_until_it_is_sent() -> None:
    draft = make_draft()
    piece = make_piece(draft.mediator, shared=False)
    client = signed_in(draft.reviewer)
    act(client, draft, "save", text="He listened to each of us.")
    piece.delete()
    act(
        client, draft, "save", text="He listened to each of us for hours."
    )  # on its own, while somebody types
    unseen = act(client, draft, "facts")
    assert "An answer was taken back meanwhile." in unseen.text
    assert "1 answer was taken back since you wrote this." in unseen.text
    assert act(client, draft, "facts", **hidden_of(unseen.text)).status_code == 302
    assert "taken back" not in client.get(page_of(draft)).text


def test_what_a_party_takes_back_from_the_last_one_is_told_with_the_next() -> None:
    """It begins with the last text, and its quotations."""
    final = make_final()
    Feedback.objects.filter(pk__in=stored(final).based_on).delete()
    client = signed_in(final.reviewer)
    assert "taken back since you wrote this." in client.get(page_of(final)).text
    unseen = client.post(page_of(final), {"action": "save", "text": "Next", "version": stored(final).version})
    assert unseen.status_code == 302
    assert "taken back since you wrote this." in client.get(page_of(final)).text


def test_a_reviewer_whom_imi_has_not_checked_is_told_of_no_withdrawal() -> None:
    """A mediator's second mailbox would learn in the minute that a party took back what is not shared any more."""
    amina, rosa = make_mediator(), make_reviewer()
    make_appointment(amina, rosa)
    piece = make_piece(amina)
    client, page = signed_in(rosa), f"/review/{amina.pk}/digest/"
    assert client.post(page, {"action": "save", "text": "A draft", "version": "0"}).url == page
    Feedback.objects.filter(pk=piece.pk).update(shared=False)
    before = client.get(page)
    piece.delete()
    after = client.get(page)
    assert before.context["advice"] == after.context["advice"]
    assert hidden_of(before.text) == hidden_of(after.text) == {"gone": "0"}
    assert not Digest.objects.get(reviewer=rosa).based_on


def test_a_comment_stays_with_the_reviewer_until_the_next_check() -> None:
    checked = make_checked()
    writer = signed_in(checked.reviewer)
    signed_in(checked.mediator).post(MINE, {"comment": "It was two days."})
    act(writer, checked, "save")
    assert "It was two days." in writer.get(page_of(checked)).text
    act(writer, checked, "facts", text="Two days.")
    assert "It was two days." not in writer.get(page_of(checked)).text


def test_a_reviewer_cannot_mail_a_mediator_without_end(settings) -> None:
    settings.ACCOUNT_RATE_LIMITS = settings.ACCOUNT_RATE_LIMITS | {"digest_facts": "2/d/user"}
    checked = make_checked()
    client = signed_in(checked.reviewer)
    delivered()
    for number in range(3):
        page = act(client, checked, "facts", text=f"Version {number}")
    assert "send it tomorrow" in page.text
    assert "Version 2" in page.text  # nothing typed is lost
    assert len(delivered()) == 2


def test_the_years_do_not_say_who_answered() -> None:
    """Amina asked one party about 2019, and knows that: the year is told of three answers, and none before its slot."""
    amina, rosa = make_mediator(), make_reviewer(vetted=True)
    make_appointment(amina, rosa)
    for _number in range(3):
        make_piece(amina, year=2026, shared=False)
    writer, reader = signed_in(rosa), signed_in(amina)
    page = f"/review/{amina.pk}/digest/"

    def told(version: int) -> set[str]:
        typed = {"action": "facts", "text": f"Calm {version}.", "version": str(version)}
        assert writer.post(page, typed).url == page
        return set(re.findall(r"Based on [^<\n]*", reader.get(MINE).content.decode()))

    assert told(0) == {"Based on 3 answers, 2026 (years with three answers or more)"}
    paula = make_piece(amina, year=2019, shared=False, release_on=clock.today())
    assert told(1) == {"Based on 3 answers, 2026 (years with three answers or more)"}
    Feedback.objects.filter(pk=paula.pk).update(release_on=None)
    assert told(2) == {"Based on 4 answers, 2026 (years with three answers or more)"}
    for _number in range(2):
        make_piece(amina, year=2019, shared=False)
    assert told(3) == {"Based on 6 answers, 2019–2026 (years with three answers or more)"}


def test_earlier_final_versions_can_be_had() -> None:
    first = make_final(text="The first")
    client = signed_in(first.reviewer)
    client.post(page_of(first), {"action": "facts", "text": "The second", "version": first.version})
    signed_in(first.mediator).post(MINE, {"comment": "Good."})
    second = Digest.objects.exclude(pk=first.pk).get()
    assert act(client, second, "final").status_code == 302
    reader = signed_in(first.mediator)
    page = reader.get(MINE).content.decode()
    assert page.index("The second") < page.index("The first")
    for browser, path in ((reader, f"{MINE}pdf/"), (client, f"{page_of(first)}pdf/")):
        assert "The second" in text_of(browser.get(path))
        assert "The first" in text_of(browser.get(f"{path}?of={first.pk}"))
    client.post(page_of(first), {"action": "save", "text": "A third", "version": second.version + 1})
    draft = text_of(client.get(f"{page_of(first)}pdf/"))
    assert "A third" in draft
    assert "Not final" in draft
