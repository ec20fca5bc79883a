"""Who looked, and on which day: recorded, shown to the mediator alone, forgotten in time."""

import re
from datetime import date

import pytest
import time_machine
from django.core.cache import cache

from accounts.choices import Role, Verb
from accounts.models import AuditEvent, User
from accounts.services.people import remove_role
from accounts.tests.doors import seen
from accounts.tests.factories import make_directory, make_mediator, make_organisation, signed_in
from directory.models import Look
from directory.tasks import forget_looks
from directory.tests.factories import LINK, make_career, make_listed
from logbook.tests.reading import plain
from logbook_site.foundation import clock

pytestmark = pytest.mark.django_db
LOOKS, SEE = "/my-details/looks/", "/my-details/what-they-see/"


@pytest.fixture(autouse=True)
def counted_from_zero() -> None:
    cache.clear()


def lines(person: User, query: str = "") -> list[str]:
    page = signed_in(person).get(f"{LOOKS}{query}").text
    body = re.search(r'aria-label="Looks">(.*?)</section>', page, re.S)[1]
    return [plain(one) for one in re.findall(r"<li>(.*?)</li>", body, re.S)]


def look(person: User, mediator: User, tail: str = "") -> int:
    return signed_in(person).get(f"/verify-experience/{mediator.pk}/{tail}").status_code


@pytest.mark.parametrize("tail", ["", "export/", "export/?format=xlsx", "print/"])
def test_each_way_to_look_is_recorded(tail: str) -> None:
    ann = make_listed()
    dana = make_directory(name="Dana Whitfield", organisation=make_organisation("Lake Register"))
    with time_machine.travel("2026-11-20 14:03Z"):
        assert look(dana, ann, tail) == 200
        assert lines(ann) == ["Lake Register Dana Whitfield 20 November 2026"]
        assert "14:03" not in signed_in(ann).get(LOOKS).text


def test_one_row_a_day_however_often() -> None:
    ann, dana, dan = make_listed(), make_directory(name="Dana"), make_directory(name="Dan")
    for day, people in [("2026-11-19", [dana]), ("2026-11-20", [dan, dana, dana])]:
        with time_machine.travel(f"{day} 10:00Z"):
            for person in people:
                assert look(person, ann) == look(person, ann, "export/") == 200
    assert Look.objects.count() == 3
    assert [line.split(" ", 2)[2] for line in lines(ann)][-1] == "Dana 19 November 2026"
    times = [field.name for field in Look._meta.fields if "Time" in field.get_internal_type()]
    assert times == [], "no time of day is kept"


def test_what_gave_nothing_is_no_look() -> None:
    ann, hidden, dana = make_listed(), make_listed("Bo Ree", visibility="private"), make_directory()
    browser = signed_in(dana)
    browser.get("/verify-experience/?q=ann")
    assert look(dana, hidden) == 404
    assert look(dana, ann, "export/?role=x") == look(dana, ann, "print/?role=x") == 400
    assert look(dana, ann, "export/?format=x") == 400
    assert look(make_mediator(), ann) == 404
    assert not Look.objects.exists()


def test_only_the_own_ones_are_shown() -> None:
    ann, bea, dana = make_listed("Ann Lee"), make_listed("Bea Roe"), make_directory(name="Dana")
    look(dana, ann)
    assert len(lines(ann)) == 1
    assert lines(bea) == []
    assert "Nobody has looked yet" in signed_in(bea).get(LOOKS).text


def test_the_organisation_of_that_day_stays_and_a_person_who_left_has_no_name() -> None:
    ann, dana = make_listed(), make_directory(name="Dana", organisation=make_organisation("Lake Register"))
    look(dana, ann)
    dana.staff_places.get().organisation.delete()
    assert lines(ann)[0].startswith("Lake Register Dana")
    dana.delete()
    assert lines(ann)[0].startswith("Lake Register somebody who has left since")


def test_whoever_changes_their_name_afterwards_is_marked_and_imi_can_see_it() -> None:
    """Else a person of the staff could choose, after they looked, whose name the mediator reads."""
    ann, dana = make_listed(), make_directory(name="Dana", organisation=make_organisation("Lake Register"))
    with time_machine.travel("2026-11-20 14:03Z"):
        look(dana, ann)
        signed_in(dana).post("/account-settings/", {"name": "Dana", "time_zone": "Asia/Tokyo"})
        assert lines(ann) == ["Lake Register Dana 20 November 2026"]
    with time_machine.travel("2026-11-21 14:03Z"):
        signed_in(dana).post("/account-settings/", {"name": "Tom Miller", "time_zone": "UTC"})
        event = AuditEvent.objects.get(verb=Verb.NAME_CHANGED, object_id=str(dana.pk))
        assert event.actor_id == dana.pk and event.reason == ""
    with time_machine.travel("2026-11-22 14:03Z"):
        look(dana, ann)
        assert lines(ann) == [
            "Lake Register Tom Miller 22 November 2026",
            "Lake Register Tom Miller changed their name since 20 November 2026",
        ]


def test_looks_go_with_the_mediator() -> None:
    ann, dana = make_listed(), make_directory()
    look(dana, ann)
    remove_role(of=ann, role=Role.MEDIATOR, by=None)
    assert signed_in(ann).get(LOOKS).status_code == 404
    ann.delete()
    assert not Look.objects.exists()


def test_they_are_forgotten_after_24_months(settings) -> None:
    ann, dana = make_listed(), make_directory()
    with time_machine.travel("2027-02-28 12:00Z"):
        look(dana, ann)
    for day, left in [("2029-02-27 23:59Z", 1), ("2029-02-28 12:00Z", 1), ("2029-03-01 00:00Z", 0)]:
        with time_machine.travel(day):
            forget_looks()
            forget_looks()
            assert Look.objects.count() == left, day
    with time_machine.travel("2027-02-28 12:00Z"):
        look(dana, ann)
    settings.LOOKS_KEPT_MONTHS = 1
    with time_machine.travel("2027-04-01 12:00Z"):
        forget_looks()
    assert not Look.objects.exists()


@pytest.mark.parametrize(
    ("today", "months", "expected"),
    [
        ("2026-03-31", 1, date(2026, 2, 28)),
        ("2028-03-31", 1, date(2028, 2, 29)),
        ("2026-01-15", 1, date(2025, 12, 15)),
        ("2026-11-20", 24, date(2024, 11, 20)),
        ("2026-11-20", 0, date(2026, 11, 20)),
    ],
)
def test_months_ago(today: str, months: int, expected: date) -> None:
    with time_machine.travel(f"{today} 12:00Z"):
        assert clock.months_ago(months) == expected


class TestTheList:
    @pytest.fixture
    def ann(self) -> User:
        ann = make_listed()
        Look.objects.bulk_create(
            Look(
                mediator=ann,
                person_id=ann.pk,
                organisation_name=f"Register {number:02}",
                day=date(2026, 1, 1 + number),
            )
            for number in range(30)
        )
        return ann

    def test_newest_first_in_pages_and_sorted_as_asked(self, ann):
        assert len(lines(ann)) == 25
        assert lines(ann)[0].startswith("Register 29")
        assert lines(ann, "?page=2")[-1].startswith("Register 00")
        assert lines(ann, "?page=99") == lines(ann, "?page=2")
        assert lines(ann, "?sort=organisation&per_page=10")[0].startswith("Register 00")

    def test_what_is_not_understood_is_named(self, ann):
        page = signed_in(ann).get(f"{LOOKS}?sort=person_id&page=x&per_page=3").text
        for value in ("person_id", "x", "3"):
            assert f"We did not understand “{value}”" in page


class TestWhatTheySee:
    """The same page, but for the frame of the site and the tools."""

    @staticmethod
    def body(page: str, ann: User) -> str:
        body = page.partition("<h1>")[2].partition("</main>")[0]
        body = re.sub(r'<div class="list-tools">.*?</details>\s*</div>', "", body, flags=re.S)
        body = re.sub(
            r"<p class=\"actions\"><a class=\"quiet-link\" href=\"/verify-experience/\">.*?</p>", "", body
        )
        body = body.replace(f"/verify-experience/{ann.pk}/", SEE)
        return re.sub(r"\s+", " ", body)

    @pytest.mark.parametrize(
        "query", ["", "?role=lead&year_from=2019&year_to=2020", "?medium=zz", "?year_from=2099"]
    )
    def test_is_what_they_see(self, query, monkeypatch):
        now = clock.now()
        monkeypatch.setattr(clock, "now", lambda: now)
        ann = make_listed("Ann Lee", imi_profile=LINK)
        make_career(ann)
        theirs = seen(signed_in(make_directory()).get(f"/verify-experience/{ann.pk}/{query}"))
        mine = seen(signed_in(ann).get(SEE + query))
        assert "Ann Lee" in mine
        assert self.body(mine, ann) == self.body(theirs, ann)

    @pytest.mark.parametrize("visibility", ["private", "", "directories"])
    def test_is_there_for_a_private_mediator_too_and_says_who_sees_it(self, visibility):
        ann = make_listed(visibility=visibility)
        make_career(ann)
        page = signed_in(ann).get(SEE).text
        assert "4 mediations, 18 h 30 min" in page
        assert ("Nobody sees this now" in page) == (visibility != "directories")
        assert not Look.objects.exists(), "one's own look is none"

    def test_my_details_and_home_lead_there(self):
        browser = signed_in(make_listed())
        for address in ("/", "/my-details/"):
            page = browser.get(address).text
            assert SEE in page
            assert LOOKS in page
