"""The privacy page says what the settings do, and nobody can add a period without deciding whether it is told."""

import re
from html import unescape

import pytest
from django.conf import settings as django_settings
from django.test import Client

from accounts.tests.doors import sign_in
from accounts.tests.factories import PASSWORD, make_mediator
from feedback.tests.links import make_link
from logbook_site.help.told import IN_HOURS, IN_MONTHS, IN_SECONDS, NUMBERS

pytestmark = pytest.mark.django_db
PERIOD = re.compile(r"^([A-Z_]+(?:HOURS\w*|MONTHS|PER_DAY|PER_MONTH|MIN_SHARED)) = ", re.MULTILINE)
# Told nowhere, and why.
NOT_OF_INTEREST = {
    "MAIL_LEASE_HOURS": "between two senders; nothing is kept longer by it",
    "REMINDER_AFTER_HOURS": "told where a reminder is asked for; it keeps nothing",
    "CLOCK_OFFSET_HOURS": "moves the clock of a demo",
    "JOB_LEASE_HOURS": "between two workers; nothing is kept longer by it",
    "DESK_LATE_HOURS": "when the desk calls something late; it keeps nothing",
    "DESK_LOOKS_BACK_HOURS": "how far the desk looks back; it keeps nothing",
    "DESK_LOOKS_AHEAD_HOURS": "how far the desk looks ahead; it keeps nothing",
    "DESK_ORDER_WAITS_HOURS": "when the desk names an order; it keeps nothing",
}
# Told on the help page only: they keep nothing.
IN_HELP = {
    "ACCOUNT_LOGIN_BY_CODE_TIMEOUT", "LINKS_SHOWN_HOURS", "CODE_SHOWN_HOURS", "REVIEWER_NEWS_HOURS",
    "REQUESTS_PER_DAY", "REQUESTS_PER_MONTH", "SEARCHES_PER_DAY", "FEEDBACK_MIN_SHARED",
}  # fmt: skip
CHANGED = (
    dict.fromkeys(IN_HOURS, (77 * 24, "77 days"))
    | dict.fromkeys(IN_SECONDS, (77 * 24 * 3600, "77 days"))
    | dict.fromkeys(IN_MONTHS, (77, "77 months"))
    | dict.fromkeys(NUMBERS, (77, "77"))
)


def text_of(path: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", Client().get(path).text)).split())


def test_every_period_of_the_settings_is_told_or_literally_not_of_interest() -> None:
    source = (django_settings.BASE_DIR / "logbook_site/settings.py").read_text()
    told = set(IN_HOURS) | set(IN_MONTHS) | set(NUMBERS)
    assert told | set(NOT_OF_INTEREST) == set(PERIOD.findall(source))
    assert not told & set(NOT_OF_INTEREST)


@pytest.mark.parametrize("name", sorted(CHANGED))
def test_the_page_changes_with_the_setting(name: str, settings) -> None:
    settings.ACCESS_MODE = "paid"
    path = "/help/" if name in IN_HELP else "/privacy/"
    value, words = CHANGED[name]
    before = text_of(path)
    assert not re.search(rf"\b{words}\b", before)
    setattr(settings, name, value)
    after = text_of(path)
    assert re.search(rf"\b{words}\b", after)


def test_who_is_responsible(settings) -> None:
    settings.OPERATOR_NAME, settings.SUPPORT_EMAIL = "Lake Institute", "desk@example.org"
    settings.PRIVACY_POLICY_URL = "https://example.org/policy"
    page = Client().get("/privacy/").text
    assert "Lake Institute runs this site" in page
    assert 'href="mailto:desk@example.org"' in page
    assert 'href="https://example.org/policy"' in page
    settings.SUPPORT_EMAIL = settings.PRIVACY_POLICY_URL = ""
    page = Client().get("/privacy/").text
    assert "mailto:" not in page and "Privacy policy of" not in page


def test_every_cookie_that_we_set_is_named() -> None:
    client = Client()
    sign_in(client, make_mediator(password=PASSWORD))
    for path in (
        "/",
        "/logbook/",
        "/help/",
        "/help/contact/",
        "/privacy/",
        "/account-settings/",
        "/unknown/",
    ):
        client.get(path)
    seen = set(client.cookies)
    assert seen == {django_settings.SESSION_COOKIE_NAME, django_settings.CSRF_COOKIE_NAME}
    named = set(re.findall(r"<dt><code>(.*?)</code>", Client().get("/privacy/").text))
    assert named == seen


# --- The foot of every page ---------------------------------------------------------------------------

FOOT = re.compile(r'<footer class="site-footer">.*?</footer>', re.DOTALL)


def foot_of(client: Client, path: str) -> list[tuple[str, str]]:
    foot = FOOT.search(client.get(path).text)[0]
    return re.findall(r'<a href="([^"]*)">([^<]*)</a>', foot)


def test_the_same_three_links_in_the_same_order_everywhere() -> None:
    amina = make_mediator(password=PASSWORD)
    member, link = Client(), make_link(amina)
    sign_in(member, amina)
    paths = ["/", "/help/", "/privacy/", "/unknown/", "/accounts/login/", "/give-feedback/", link, "/stop/x/"]
    for client, path in [*((Client(), path) for path in paths), (member, "/logbook/"), (member, "/nothing/")]:
        foot = foot_of(client, path)
        assert [word for _address, word in foot] == ["Help", "Privacy", "Contact"], path
        assert [address.partition("?")[0] for address, _word in foot] == [
            "/help/",
            "/privacy/",
            "/help/contact/",
        ]


def test_the_link_to_the_form_names_the_page_but_never_a_token() -> None:
    amina = make_mediator(password=PASSWORD)
    member, link = Client(), make_link(amina)
    sign_in(member, amina)
    assert foot_of(member, "/logbook/?q=word")[-1][0] == "/help/contact/?page=%2Flogbook%2F"
    assert foot_of(Client(), link)[-1][0] == "/help/contact/"
    assert foot_of(member, "/invitation/AbCdEf123/")[-1][0] in {
        "/help/contact/",
        "/help/contact/?page=%2Finvitation%2F",
    }
