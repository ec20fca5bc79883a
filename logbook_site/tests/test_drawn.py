"""What is drawn once and kept in memory: the same for all who would see the same, and nothing that anybody typed."""

import re

import pytest
from django.test import Client

from accounts.models import User
from accounts.tests.factories import make_mediator, signed_in
from cpd.tests.factories import make_cpd
from logbook.tests.factories import make_entry
from logbook_site.templatetags.drawn import _drawn

pytestmark = pytest.mark.django_db


@pytest.fixture
def amina() -> User:
    owner = make_mediator()
    for number in range(30):
        make_entry(owner, title=f"Matter {number}")
        make_cpd(owner, title=f"Course {number}")
    return owner


def page(client: Client, query: str = "") -> str:
    answer = client.get(f"/logbook/{query}")
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.parametrize(
    "query",
    ["?q=quince", "?cpd-q=quince", "?sort=title&q=quince", "?page=2&country=NZ", "?tag=quince", "?quince"],
)
def test_where_something_is_asked_nothing_is_kept(amina: User, query: str) -> None:
    client = signed_in(amina)
    page(client)
    before = _drawn.cache_info().currsize
    kept = page(client, query)
    assert _drawn.cache_info().currsize == before
    if "q=" in query:
        assert 'value="quince"' in kept
    assert "quince" not in page(client)


def test_each_list_keeps_its_own(amina: User) -> None:
    """Two lists on a page, and pages of two sizes: every link leads to its own list."""
    other = make_mediator(page_sizes={"logbook": 10, "cpd": 25})
    for number in range(20):  # two pages, as the others
        make_entry(other, title=f"Theirs {number}")
        make_cpd(other)
    for _number in range(10):
        make_cpd(other)
    for owner, size in ((amina, 25), (other, 10), (amina, 25)):
        shown = page(signed_in(owner))
        # The sizes of the logbook's pages, then of CPD's; the one that is shown is no link.
        assert re.findall(r'aria-current="true">(\d+)</strong>', shown) == [str(size), "25"]
        assert re.findall(r'href="\?((?:cpd-)?page=\d+)', shown) == ["page=2", "cpd-page=2"]
        forms = re.findall(r'<form method="get" action="(/logbook/[^"]*)">', shown)
        assert forms == ["/logbook/", "/logbook/#cpd"]


def test_years_of_another_logbook_are_not_offered(amina: User) -> None:
    other = make_mediator()
    make_entry(other, ended_on="1999-05-05", country="FR")
    assert 'value="1999"' in page(signed_in(other))
    assert 'value="1999"' not in page(signed_in(amina))
    assert 'value="FR"' not in page(signed_in(amina))


def test_who_gets_another_role_gets_another_menu(amina: User) -> None:
    client = signed_in(amina)
    assert "/review/" not in page(client)
    User.objects.filter(pk=amina.pk).update(is_reviewer=True)
    assert "/review/" in page(client)
    User.objects.filter(pk=amina.pk).update(is_reviewer=False)
    assert "/review/" not in page(client)
