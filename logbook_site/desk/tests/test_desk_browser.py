"""A day at the desk in a browser: Django's own pages under our policy, in our colours, on a phone, and what they do."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from accounts.models import User
from logbook_site.demo.load import load_demo
from logbook_site.tests.hands import fill, follow, go, press, sign_in_with_one_click
from logbook_site.tests.test_look import TOO_WIDE, noise_of

LISTS = [
    "/admin/accounts/user/",
    "/admin/accounts/user/?is_mediator__exact=1&q=a",
    "/admin/accounts/user/?_facets=True",
    "/admin/accounts/auditevent/",
    "/admin/accounts/auditevent/?at__year=2026",
    "/admin/accounts/vetting/?desk=waiting",
    "/admin/accounts/organisation/",
    "/admin/accounts/outboxmessage/?desk=failed_lately",
    "/admin/accounts/orderline/",
    "/admin/reviewers/digest/",
    "/admin/feedback/feedback/",
]
FORMS = [
    "/admin/accounts/organisation/add/",
    "/admin/accounts/staffplace/add/",
    "/admin/accounts/codebatch/add/",
    "/admin/accounts/",
]
CONTRAST = {"runOnly": ["color-contrast"], "resultTypes": ["violations"]}


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_a_day_at_the_desk(live_server, page: Page, settings, tmp_path) -> None:
    settings.EMAIL_BACKEND = "logbook_site.foundation.mail.FolderBackend"
    settings.MAIL_DIR = tmp_path
    load_demo()
    page.set_default_timeout(10_000)
    page.goto(live_server.url)
    amina = User.objects.get(email="amina@example.org")
    wrong = []
    with noise_of(page) as noise:
        sign_in_with_one_click(page, "admin@example.org")
        change = f"/admin/accounts/user/{amina.pk}/change/"
        for address in [*LISTS, *FORMS, change, change.replace("change", "history")]:
            go(page, address)
            wrong += looked_at(page, address)
        # A date is chosen from Django's calendar, and shortcuts write into the field.
        go(page, "/admin/accounts/organisation/add/")
        page.locator("#calendarlink0, .datetimeshortcuts a").first.click()
        assert page.locator("#id_active_until").input_value()
        # Find a person, read about them, close the account.
        go(page, "/admin/")
        fill(page, q="AMINA@")
        press(page, "Find")
        assert page.locator("h1").inner_text() == "Amina Okafor"
        follow(page, "Close the account")
        press(page, "Close the account")
        assert "The account is closed." in page.locator(".messages").inner_text()
        # Two at once, from the list, with the page that asks.
        go(page, "/admin/accounts/user/")
        page.locator("tr", has_text="Amina Okafor").locator("input.action-select").check()
        page.locator("tr", has_text="Ben Aldous").locator("input.action-select").check()
        page.locator("select[name=action]").select_option("activate")
        press(page, "Go")
        assert page.locator("h1").inner_text() == "Open accounts again: 2 people"
        press(page, "Open accounts again")
        assert "Done for 2." in page.locator(".messagelist").inner_text()
        amina.refresh_from_db()
        assert amina.is_active
    assert not [*wrong, *noise], "\n" + "\n".join([*wrong, *noise])


def looked_at(page: Page, address: str) -> list[str]:
    """Nothing sideways on a phone (a table scrolls in its own frame), and every text can be read, light or dark."""
    found = []
    page.set_viewport_size({"width": 360, "height": 740})
    if too_wide := page.evaluate(TOO_WIDE):
        found.append(f"{address}: too wide: {too_wide}")
    page.set_viewport_size({"width": 1280, "height": 800})
    page.evaluate(Axe().axe_script)
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        violations = page.evaluate("async rules => (await axe.run(rules)).violations", CONTRAST)
        found += [
            f"{address} ({scheme}): {node['html'][:150]} {node['any'][0]['message'][:120]}"
            for violation in violations
            for node in violation["nodes"]
        ]
    page.emulate_media(color_scheme="light")
    return found
