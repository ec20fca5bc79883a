"""Help for every reader: its links open, its words are found, and it tells what is switched on."""

import gzip
import re
from datetime import time
from html import unescape

import pytest
from django.conf import settings
from django.test import Client
from django.urls import get_resolver, reverse

from accounts.choices import Role
from accounts.tests.factories import make_directory, make_person, signed_in
from logbook_site.help.links import ANYBODY, DIRECTORIES, EVERY_MEMBER, MEDIATORS, PAGES, REVIEWERS
from logbook_site.tests.test_addresses import ADDRESSES, For

pytestmark = pytest.mark.django_db
STRANGER, NOBODY = "stranger", "no role"
READERS = [STRANGER, NOBODY, *Role]
TEXTS = ["/help/", "/help/mentorship/", "/help/career-path/", "/help/contact/", "/privacy/"]
# What the pages may lead to outside; in tests no other address of the operator is set.
OUTSIDE = re.compile(r"https://imimediation\.org/")
PRICE = re.compile(r"€|\$|£|\b(?:EUR|USD|GBP|euros?|dollars?)\b", re.IGNORECASE)


def browser_of(reader: str) -> Client:
    if reader == STRANGER:
        return Client()
    if reader == Role.DIRECTORY:
        return signed_in(make_directory())
    return signed_in(make_person(*[] if reader == NOBODY else [reader]))


def main_of(page: str) -> str:
    return page[page.index("<main") : page.index("</main>")]


def links_in(page: str) -> set[str]:
    return {unescape(address) for address in re.findall(r'<a[^>]*href="([^"]*)"', page)}


def questions_in(page: str) -> list[str]:
    return [unescape(words) for words in re.findall(r"<summary><h3>(.*?)</h3>", page)]


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("path", TEXTS)
def test_every_link_opens_for_its_reader(reader: str, path: str) -> None:
    client = browser_of(reader)
    page = client.get(path).text
    for address in links_in(page[page.index("<main") :]):
        if address.startswith("#"):
            assert f'id="{address[1:]}"' in page, address
        elif address.startswith("/"):
            assert client.get(address).status_code == 200, address
        else:
            assert OUTSIDE.match(address), address


def test_who_can_open_a_page_is_what_the_table_of_addresses_says() -> None:
    audience = {
        For.EVERYONE: ANYBODY, For.STRANGERS: ANYBODY, For.MEMBERS: EVERY_MEMBER,
        For.MEDIATORS: MEDIATORS, For.REVIEWERS: REVIEWERS, For.DIRECTORIES: DIRECTORIES,
    }  # fmt: skip
    routes = {name: get_resolver().resolve(reverse(name)).route for name in PAGES}
    assert {name: page.audience for name, page in PAGES.items()} == {
        name: audience[ADDRESSES[route]] for name, route in routes.items()
    }


@pytest.mark.parametrize("reader", READERS)
def test_the_readers_own_role_comes_first(reader: str) -> None:
    first = {
        Role.MEDIATOR: ["mediators", "everybody"],
        Role.REVIEWER: ["reviewers", "everybody"],
        Role.DIRECTORY: ["directories", "everybody"],
        Role.ADMIN: ["everybody", "parties"],
    }.get(reader, ["parties", "mediators"])
    page = browser_of(reader).get("/help/").text
    sections = re.findall(r'<h2 id="([a-z]+)"', page)
    assert sections[:2] == first
    assert set(sections) == {"parties", "mediators", "reviewers", "directories", "everybody", "more"}
    contents = re.search(r'<nav class="contents".*?</nav>', page, re.DOTALL)[0]
    assert re.findall(r'href="#([a-z]+)"', contents) == sections


def test_what_a_stranger_reads_is_read_by_all() -> None:
    asked = {tuple(sorted(questions_in(browser_of(reader).get("/help/").text))) for reader in READERS}
    assert len(asked) == 1
    (questions,) = asked
    assert len(questions) == len(set(questions)) > 40


@pytest.mark.parametrize("path", TEXTS)
def test_pages_are_in_order_small_without_prices_and_without_cookies(path: str, settings) -> None:
    settings.ACCESS_MODE, settings.SHOP_URL = "paid", "https://shop.example.org/"
    answer = browser_of(STRANGER).get(path)
    assert len(gzip.compress(answer.content)) <= 40_000
    assert set(answer.cookies) == ({"csrftoken"} if path == "/help/contact/" else set())
    levels = [int(level) for level in re.findall(r"<h([1-6])", main_of(answer.text))]
    assert levels[0] == 1 and levels.count(1) == 1
    assert all(deeper <= level + 1 for level, deeper in zip(levels, levels[1:], strict=False))
    ids = re.findall(r'\sid="([^"]+)"', answer.text)
    assert len(ids) == len(set(ids))
    assert not PRICE.search(re.sub(r"<[^>]*>", " ", main_of(answer.text)))


class TestSearch:
    def found(self, words: str) -> list[str]:
        return questions_in(Client().get("/help/", {"q": words}).text)

    def test_all_words_in_question_or_answer_without_case_and_accents(self) -> None:
        assert self.found("take ANSWERS báck") == self.found("answers take back")
        assert "How do I take my answers back?" in self.found("take answers back")
        assert self.found("back zebra") == []
        assert self.found("Persian digits") == ["How do I type hours?"]

    def test_what_is_found_is_open_and_the_rest_not_there(self) -> None:
        page = Client().get("/help/?q=passkey").text
        assert page.count('<details class="answer" open>') == len(questions_in(page)) > 0
        assert "Reviewers never pay" not in page
        assert 'class="answer" open' not in Client().get("/help/").text

    def test_tags_and_addresses_are_not_words(self) -> None:
        assert self.found("details") == self.found("my details") != []
        assert self.found("answer-links") == []
        assert self.found("href") == []

    def test_nothing_found_leads_to_the_form_with_what_was_searched(self) -> None:
        page = Client().get("/help/", {"q": "zebra & <b>crossing"}).text
        assert "<b>crossing" not in page
        (address,) = [link for link in links_in(page) if "searched" in link]
        form = unescape(Client().get(address).text)
        assert "I searched for: zebra & <b>crossing" in form
        assert 'name="page" value="/help/"' in form

    @pytest.mark.parametrize(
        "words", ["\0", "\0zebra", "x" * 5000, "{{ told }}", "%", "ﷺ", " ", "'\"><script>"]
    )
    def test_odd_words_are_no_error(self, words: str) -> None:
        for path in ("/help/", "/help/contact/"):
            answer = Client().get(path, {"q": words, "searched": words, "page": words})
            assert answer.status_code == 200
            assert "<script>" not in main_of(answer.text)


class TestWhatIsSwitchedOn:
    def test_access_is_told_only_where_it_is_paid_for(self, settings) -> None:
        question = "What happens when my access ends?"
        assert question not in questions_in(Client().get("/help/").text)
        settings.ACCESS_MODE = "paid"
        assert question in questions_in(Client().get("/help/").text)

    def test_the_check_of_reviewers_only_where_there_is_one(self, settings) -> None:
        question = "Why is my Reviewer not allowed yet?"
        assert question in questions_in(Client().get("/help/").text)
        settings.REVIEWER_VETTING = False
        assert question not in questions_in(Client().get("/help/").text)

    def test_when_feedback_comes(self, settings) -> None:
        settings.FEEDBACK_RELEASE_AT = time(6, 30)
        assert "Once a day, at 06:30 in world time (UTC)." in Client().get("/help/").text
        settings.FEEDBACK_RELEASE_AT = None
        assert "in world time" not in Client().get("/help/").text

    def test_known_issues_languages_and_complaints(self, settings) -> None:
        before = Client().get("/help/").text
        settings.KNOWN_ISSUES_URL = "https://issues.example.org/"
        settings.COMPLAINTS_URL = "https://complaints.example.org/"
        settings.LANGUAGES = [("en", "English"), ("ar", "Arabic")]
        after = Client().get("/help/").text
        assert "Its pages are in: English, Arabic." in after
        assert links_in(after) - links_in(before) == {settings.KNOWN_ISSUES_URL, settings.COMPLAINTS_URL}


def test_words_in_quotes_stand_on_the_pages_that_help_talks_about() -> None:
    """A button or label that gets another word gets it in its answer, too."""
    root = settings.BASE_DIR
    help_files = set((root / "templates/help").glob("*.html"))
    quoted = {
        words for file in help_files for words in re.findall("“([^”{]+)”", file.read_text()) if words.strip()
    }
    apps = ["accounts", "cpd", "logbook", "feedback", "reviewers", "directory", "templates"]
    files = [
        file for app in apps for kind in ("html", "py", "txt") for file in (root / app).rglob(f"*.{kind}")
    ]
    said = " ".join(
        file.read_text()
        for file in files
        if file not in help_files and "tests" not in file.relative_to(root).parts
    )
    assert {words for words in quoted if words not in said} == set()
