"""The search: whom it finds, whom it does not, and that nobody can tell who is there but private."""

import re
import uuid

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.choices import Role
from accounts.models import User
from accounts.services.people import change_person
from accounts.tests.doors import assert_refused, seen
from accounts.tests.factories import make_admin, make_directory, make_open_mediator, make_person, signed_in
from directory.tests.factories import LINK, make_listed

pytestmark = pytest.mark.django_db
SEARCH = "/verify-experience/"


@pytest.fixture(autouse=True)
def counted_from_zero() -> None:
    cache.clear()


@pytest.fixture
def browser():
    return signed_in(make_directory())


def names(answer) -> list[str]:
    return re.findall(r'<a href="/verify-experience/[^"]+/"><bdi>(.*?)</bdi>', answer.text)


def found(browser, typed: str, **more) -> list[str]:
    answer = browser.get(SEARCH, {"q": typed} | more)
    assert answer.status_code == 200
    return names(answer)


class TestWhomItFinds:
    @pytest.mark.parametrize(
        ("typed", "is_found"),
        [
            ("jean", True), ("luc", True), ("jean-luc", True), ("JEANL", True), ("Obri", True), ("o'brien", True),
            ("brién", True), ("áo", True), ("aoife je", True), ("je ao ob", True), ("a ob", True), ("  ob   ", True),
            ("rien", False), ("aoife x", False), ("uc", False), ("jean jeanx", False), ("%", False), ("a%", False),
        ],
    )  # fmt: skip
    def test_by_the_beginning_of_any_word(self, browser, typed, is_found):
        make_listed("Aoife Jean-Luc O’Brien")
        make_listed("Somebody Else")
        assert found(browser, typed) == (["Aoife Jean-Luc O’Brien"] if is_found else [])

    @pytest.mark.parametrize("typed", ["王小", "王小明"])
    def test_in_other_scripts(self, browser, typed):
        make_listed("王小明")
        assert found(browser, typed) == ["王小明"]

    @pytest.mark.parametrize(
        ("typed", "is_found"),
        [
            (LINK, True), ("imimediation.org/mediator/ann-lee", True),
            ("HTTP://www.imimediation.org/mediator/ann-lee", True),
            (f" {LINK}#top ", True), ("https://imimediation.org/mediator/", False), ("imimediation.org/", False),
            ("//imimediation.org/mediator/ann", False), ("/", False), ("//", False),
            ("https://", False), ("//[", False), ("imimediation", False), ("ann-lee", False),
        ],
    )  # fmt: skip
    def test_by_the_link_of_the_imi_profile(self, browser, typed, is_found):
        make_listed("Ann Lee", imi_profile=LINK)
        assert found(browser, typed) == (["Ann Lee"] if is_found else [])

    def test_with_name_country_and_link_and_nothing_else(self, browser):
        ann = make_listed("Ann Lee", imi_profile=LINK)
        page = browser.get(SEARCH, {"q": "ann"}).text
        row = re.search(r'<ul class="rows">(.*?)</ul>', page, re.S)[1]
        assert "New Zealand" in row
        assert LINK in row
        text = re.sub(r"<[^>]+>|\s+", " ", row).split()
        assert text == ["Ann", "Lee", "New", "Zealand", "IMI", "profile", "Ann", "Lee"]
        assert str(ann.pk) in row

    def test_says_that_nobody_checked_whose_profile_it_is(self, browser):
        """A mediator can enter somebody else's link, and stands under it."""
        ann = make_listed("Ann Lee", imi_profile=LINK)
        for address, words in {
            f"{SEARCH}?q=ann": "nobody has checked it. Look there whether it is the same person.",
            f"{SEARCH}{ann.pk}/": "nobody has checked whether the profile is theirs.",
        }.items():
            assert words in browser.get(address).text

    def test_somebody_twice_named_once(self, browser):
        make_listed("Maria Martin Marley")
        assert found(browser, "mar") == ["Maria Martin Marley"]

    def test_however_many_of_the_words_begin_so(self, browser):
        for number in range(40):
            make_listed(f"Mara Mark Marley Marlow Martin Marvin Mar{number:02}")
        people = [found(browser, "mar", page=str(page)) for page in (1, 2)]
        assert [len(set(page)) for page in people] == [25, 15]
        assert not set(people[0]) & set(people[1])

    def test_in_the_order_of_the_word_then_the_name(self, browser):
        for name in ("Zoe Marsh", "Mark Zed", "Mark Abel", "Adam Marlow"):
            make_listed(name)
        assert found(browser, "mar") == ["Mark Abel", "Mark Zed", "Adam Marlow", "Zoe Marsh"]

    @pytest.mark.parametrize("typed", ["", " ", "a", "a b", "’", "-", "\0", "a\0", "\u200b\u200b", "x" * 301])
    def test_two_letters_at_least(self, browser, typed):
        make_listed("Ann Boe")
        answer = browser.get(SEARCH, {"q": typed})
        assert names(answer) == []
        assert_refused(answer, "q")

    def test_a_first_visit_is_no_mistake(self, browser):
        answer = browser.get(SEARCH)
        assert "Error" not in answer.text
        assert "What you find here" in answer.text


@pytest.mark.long
class TestPages:
    @pytest.fixture
    def crowd(self):
        for number in range(105):
            make_open_mediator(name=f"Mara {number:03}")

    def test_twenty_five_a_page_and_a_hundred_in_all(self, crowd, browser):
        pages = [found(browser, "mara", page=str(number)) for number in range(1, 7)]
        assert [len(page) for page in pages] == [25, 25, 25, 25, 25, 25]
        assert pages[3] == pages[4] == pages[5], "past the end: the last one"
        assert sorted({name for page in pages for name in page}) == [
            f"Mara {number:03}" for number in range(100)
        ]
        last = browser.get(SEARCH, {"q": "mara", "page": "4"}).text
        assert "There are more" in last
        assert 'rel="next"' not in last

    def test_the_links_between_pages_work(self, crowd, browser):
        first = browser.get(SEARCH, {"q": "mara", "per_page": "10"})
        assert len(names(first)) == 10
        link = re.search(r'href="(\?[^"]+)" rel="next"', first.text)[1].replace("&amp;", "&")
        second = browser.get(SEARCH + link)
        assert names(second)[0] == "Mara 010"
        back = re.search(r'href="(\?[^"]+)" rel="prev"', second.text)[1].replace("&amp;", "&")
        assert names(browser.get(SEARCH + back)) == names(first)

    def test_what_is_not_understood_is_named(self, crowd, browser):
        answer = browser.get(SEARCH, {"q": "mara", "sort": "email", "per_page": "7", "page": "-1"})
        assert len(names(answer)) == 25
        for value in ("email", "7", "-1"):
            assert f"We did not understand “{value}”" in answer.text

    def test_one_more_than_a_page_is_another_page(self, browser):
        for number in range(26):
            make_open_mediator(name=f"Mara {number:03}")
        assert len(found(browser, "mara", page="2")) == 1
        make_open_mediator(name="Nora Only")
        assert 'rel="next"' not in browser.get(SEARCH, {"q": "nora"}).text


def asked_by(browser, address: str) -> tuple[int, list[str]]:
    """Status, and the statements without what was typed or counted."""
    with CaptureQueriesContext(connection) as queries:
        status = browser.get(address).status_code
    plain = [re.sub(r"'[^']*'", "?", one["sql"]) for one in queries]
    return status, [one for one in plain if "rate_limits" not in one and "SAVEPOINT" not in one]


class TestThePrivateOne:
    """Private, unanswered, closed, no mediator, unknown: one page, byte for byte, and the same work."""

    @pytest.fixture
    def hidden(self) -> dict[str, User]:
        people = {
            "private": make_listed("Hiddenword Aaa", visibility="private", imi_profile=f"{LINK}a"),
            "unanswered": make_listed("Hiddenword Bbb", visibility="", imi_profile=f"{LINK}b"),
            "closed": make_listed("Hiddenword Ccc", imi_profile=f"{LINK}c"),
            "once a mediator": make_listed("Hiddenword Ddd", imi_profile=f"{LINK}d"),
            "reviewer": make_person(Role.REVIEWER, name="Hiddenword Eee"),
            "nobody": make_person(name="Hiddenword Fff"),
        }
        admin = make_admin()
        people["closed"].is_active = people["once a mediator"].is_mediator = False
        for who in ("closed", "once a mediator"):
            change_person(person=people[who], by=admin)
        return people

    def test_looks_like_nobody_in_the_search(self, hidden, browser):
        def page(typed: str) -> str:
            return seen(browser.get(SEARCH, {"q": typed})).replace(f'value="{typed}"', "TYPED")

        unknown = page("unknownword")
        for typed in ["hiddenword", "hidd", "aaa", "bbb", "ccc", "ddd", "eee", "fff", "hiddenword ccc"]:
            assert page(typed) == unknown, typed
        for letter in "abcdef":
            assert page(f"{LINK}{letter}") == unknown

    def test_is_the_same_work_for_the_database(self, hidden, browser):
        browser.get(SEARCH, {"q": "first"})
        unknown = asked_by(browser, f"{SEARCH}?q=unknownword")
        for typed in ("hiddenword", "aaa", "bbb", "ccc", "ddd", "eee", "fff"):
            assert asked_by(browser, f"{SEARCH}?q={typed}") == unknown, typed
        for letter in "abcdef":
            assert asked_by(browser, f"{SEARCH}?q={LINK}{letter}") == asked_by(
                browser, f"{SEARCH}?q={LINK}zzz"
            )

    @pytest.mark.parametrize(
        "tail", ["", "export/", "export/?format=xlsx", "export/?format=x", "print/", "?role=x"]
    )
    def test_is_unknown_by_the_own_address(self, hidden, browser, tail):
        stranger = f"{SEARCH}{uuid.uuid4()}/{tail}"
        unknown, work = browser.get(stranger), asked_by(browser, stranger)
        assert unknown.status_code == 404
        for who, person in hidden.items():
            answer = browser.get(f"{SEARCH}{person.pk}/{tail}")
            assert (answer.status_code, answer.content) == (404, unknown.content), who
            assert answer.headers == unknown.headers
            assert asked_by(browser, f"{SEARCH}{person.pk}/{tail}") == work, who

    def test_vanishes_at_the_next_request(self, browser):
        ann = make_listed("Ann Lee", imi_profile=LINK)
        address = f"{SEARCH}{ann.pk}/"
        assert found(browser, "ann") == ["Ann Lee"]
        assert browser.get(address).status_code == 200
        signed_in(ann).post("/my-details/visibility/", {"visibility": "private"})
        assert found(browser, "ann") == found(browser, LINK) == []
        for tail in ("", "export/", "print/"):
            assert browser.get(address + tail).status_code == 404

    def test_vanishes_even_when_a_word_was_left_behind(self, browser):
        """As after a change by hand, past the services."""
        ann = make_listed("Ann Lee")
        type(ann.mediator_profile).objects.update(visibility="private")
        assert found(browser, "ann") == []


class TestTheLimit:
    def test_is_told_kindly_and_counted_for_each_person(self, settings, browser):
        make_listed("Ann Lee")
        settings.ACCOUNT_RATE_LIMITS = settings.ACCOUNT_RATE_LIMITS | {"directory_search": "3/d/user"}
        for _time in range(3):
            assert found(browser, "ann") == ["Ann Lee"]
        assert browser.get(SEARCH, {"q": "a"}).status_code == 200, "what was not searched is not counted"
        answer = browser.get(SEARCH, {"q": "ann"})
        assert (answer.status_code, names(answer)) == (429, [])
        assert "enough for today" in answer.text
        assert browser.get(SEARCH).status_code == 200
        assert found(signed_in(make_directory()), "ann") == ["Ann Lee"]

    def test_is_three_hundred(self, settings):
        assert settings.ACCOUNT_RATE_LIMITS["directory_search"] == "300/d/user"
