"""After sending: the code, shown for a short time, and what it does at any time."""

import pytest
from django.conf import settings as django_settings
from django.core.cache import cache
from django.test import Client

from accounts.models import User
from accounts.tests.doors import assert_refused
from accounts.tests.factories import make_mediator, signed_in
from feedback.models import Feedback, NoticeName, Respondent
from feedback.services.secrets import seal_receipt
from feedback.tests.factories import make_piece
from feedback.tests.links import ANSWERS, code_after, make_link, send

pytestmark = pytest.mark.django_db
WITHDRAW, THANKS = "/give-feedback/withdraw/", "/give-feedback/thank-you/"


@pytest.fixture(autouse=True)
def no_tries_counted() -> None:
    cache.clear()


@pytest.fixture
def amina() -> User:
    return make_mediator(name="Amina Okafor")


def use(code: str, action: str = "withdraw", client: Client | None = None):
    return (client or Client()).post(WITHDRAW, {"code": code, "action": action})


# --- Thanks ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("share", "said"), [("yes", "may read it, too, without your name"), ("no", "Only the Reviewer reads it")]
)
def test_the_choice_is_repeated(client: Client, amina: User, share: str, said: str) -> None:
    page = client.get(send(make_link(amina), share=share).url)
    assert page.status_code == 200
    assert said in page.text
    assert 'href="/give-feedback/withdraw/?lang=en"' in page.text


def test_the_code_is_shown_for_a_short_time(client: Client, amina: User, settings) -> None:
    answer = send(make_link(amina))
    code = code_after(answer)
    assert code in client.get(answer.url).text  # again, when the page is loaded again
    settings.CLOCK_OFFSET_HOURS = django_settings.CODE_SHOWN_HOURS + 0.01
    page = client.get(answer.url)
    assert page.status_code == 200
    assert code not in page.text
    assert "was shown for a short time only" in page.text


def test_the_length_of_its_address_tells_nothing(amina: User) -> None:
    """It stays in the history of a tablet that the mediator lent."""
    told = [{"share": share, "safe": safe} for share in ("yes", "no") for safe in ("1", "5")]
    assert len({len(send(make_link(amina), **answers).url) for answers in told}) == 1


@pytest.mark.parametrize("receipt", ["", "x", "\0", "é", "a" * 5000, "%", "AAAA"])
def test_no_receipt_no_code(client: Client, receipt: str) -> None:
    page = client.get(THANKS, {"receipt": receipt})
    assert page.status_code == 200
    assert "code-large" not in page.text


def test_a_receipt_that_was_changed_or_is_for_something_else(client: Client, amina: User) -> None:
    receipt = send(make_link(amina)).url.partition("receipt=")[2]
    changed = receipt[:20] + ("A" if receipt[20] != "A" else "B") + receipt[21:]
    other = seal_receipt("links:1", 1, code="A" * 20, shared=True, unsafe=False)
    for one in (changed, other):
        assert "code-large" not in client.get(THANKS, {"receipt": one}).text


def test_declined_and_to_confirm(client: Client) -> None:
    assert "You do not need to do anything more." in client.get(f"{THANKS}?declined=1").text
    assert "Look into your mailbox" in client.get(f"{THANKS}?confirm=1").text


@pytest.mark.parametrize(
    ("safe", "kind"), [("1", True), ("2", True), ("3", False), ("na", False), ("", False)]
)
def test_who_did_not_feel_safe_is_answered(
    client: Client, amina: User, safe: str, kind: bool, settings
) -> None:
    settings.COMPLAINTS_URL, settings.SUPPORT_EMAIL = "https://complaints.example.org/", "help@example.org"
    link = make_link(amina)
    answers = ANSWERS | {"safe": safe}
    for page in (
        client.post(link, answers | {"action": "check"}),
        client.get(send(link, answers).url),
    ):
        assert ("That should not have been so" in page.text) == kind
    assert "https://complaints.example.org/" in page.text
    assert "help@example.org" in page.text


def test_complaints_and_support_only_where_they_are_set(client: Client, amina: User, settings) -> None:
    settings.COMPLAINTS_URL = settings.SUPPORT_EMAIL = ""
    page = client.get(send(make_link(amina), safe="1").url).text
    assert "That should not have been so" in page
    assert "complain" not in page
    assert "mailto:" not in page


# --- Taking back -----------------------------------------------------------------------------------


def test_a_code_takes_back_its_own_feedback_with_all_that_hangs_on_it(client: Client, amina: User) -> None:
    other = make_piece(amina)
    code = code_after(
        send(make_link(amina), respondent_name="Paula", respondent_email="p@example.org", name_in_notice="1")
    )
    answer = use(code)
    assert (answer.status_code, answer.url) == (302, f"{WITHDRAW}?done=withdraw")
    assert "Your feedback is deleted" in client.get(answer.url).text
    assert list(Feedback.objects.all()) == [other]
    assert not Respondent.objects.exists()
    assert not NoticeName.objects.exists()
    assert_refused(use(code), "code")


def test_a_code_ends_sharing_and_can_still_delete(client: Client, amina: User) -> None:
    code = code_after(send(make_link(amina), share="yes"))
    assert Feedback.objects.get().shared
    answer = use(code, "unshare")
    assert answer.url == f"{WITHDRAW}?done=unshare"
    assert "no longer shared" in client.get(answer.url).text
    assert not Feedback.objects.get().shared
    assert use(code, "unshare").status_code == 302
    assert use(code).status_code == 302
    assert not Feedback.objects.exists()


def test_a_code_works_at_any_time_and_however_it_is_copied(amina: User, settings) -> None:
    code = code_after(send(make_link(amina)))
    settings.CLOCK_OFFSET_HOURS = 3 * 365 * 24
    assert use(code.lower().replace("-", "  "), "unshare").status_code == 302
    assert use(f" {code.replace('O', '0').replace('I', '1')} ").status_code == 302


def test_wrong_codes_are_limited_and_a_right_one_never(amina: User, settings) -> None:
    settings.ACCOUNT_RATE_LIMITS = django_settings.ACCOUNT_RATE_LIMITS | {"wrong_withdrawal_code": "3/h/ip"}
    code = code_after(send(make_link(amina)))
    client = Client(REMOTE_ADDR="198.51.100.7")
    assert [use(f"WRONG{number}", client=client).status_code for number in range(5)] == [200] * 3 + [429] * 2
    assert use("", client=client).status_code == 200
    assert use(code, client=client).status_code == 302


@pytest.mark.parametrize("code", ["", " ", "AAAA", "x" * 61, "\0", "é" * 20, "<b>", "A" * 900_000])
def test_a_wrong_code_is_said_at_its_field(amina: User, code: str) -> None:
    make_piece(amina)
    assert_refused(use(code), "code")
    assert Feedback.objects.count() == 1


@pytest.mark.parametrize("action", ["", "delete", "\0"])
def test_without_an_action_nothing_is_done(amina: User, action: str) -> None:
    code = code_after(send(make_link(amina)))
    page = use(code, action)
    assert page.status_code == 200
    assert "Choose one of the two buttons." in page.text
    assert Feedback.objects.get().shared


def test_a_signed_in_mediator_takes_nothing_back(amina: User) -> None:
    piece = make_piece(amina)
    for code in (piece.code_hash, str(piece.pk)):
        assert use(code, client=signed_in(amina)).status_code == 200
    assert Feedback.objects.count() == 1


def test_only_looking_changes_nothing(client: Client, amina: User) -> None:
    code = code_after(send(make_link(amina)))
    assert client.get(WITHDRAW, {"code": code, "action": "withdraw"}).status_code == 200
    for method in ("put", "delete", "patch", "options", "trace"):
        assert getattr(client, method)(WITHDRAW).status_code == 405
        assert getattr(client, method)(THANKS).status_code == 405
    assert client.post(THANKS).status_code == 405
    assert Feedback.objects.count() == 1
