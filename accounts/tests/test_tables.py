import pytest
from django.test import Client

from accounts.choices import Role
from accounts.tables import browser_name
from logbook_site.tests.test_addresses import person

PHONE = (
    "Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0 Mobile Safari/537.36"
)
LAPTOP = (
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Safari/605.1"
)


@pytest.mark.parametrize(
    ("user_agent", "name"),
    [
        (PHONE, "Chrome, Android"),
        (LAPTOP, "Safari, Macintosh"),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/156.0 Safari/537.36 Edg/156.0", "Edge, Windows"),
        ("curl/8.0", "Another program"),
        ("", "Another program"),
    ],
)
def test_a_browser_has_a_name(user_agent: str, name: str) -> None:
    assert browser_name(user_agent) == name


@pytest.mark.django_db
def test_the_list_of_sign_ins_marks_this_one_only() -> None:
    person(Role.MEDIATOR)
    for user_agent in (PHONE, LAPTOP):
        client = Client(headers={"user-agent": user_agent})
        client.post(
            "/accounts/login/", {"login": "mediator@example.org", "password": "hidden-words-in-a-row"}
        )
    page = client.get("/accounts/sessions/").content.decode()
    assert "Chrome, Android</span>" in page
    assert page.count("this one") == 1
    assert 'Safari, Macintosh <span class="tag">this one</span>' in page
