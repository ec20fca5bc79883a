"""Waiting for long work in a browser, with and without scripts."""

from urllib.parse import urljoin

import pytest
from django.conf import settings as django_settings
from playwright.sync_api import Browser, BrowserContext, Page

from accounts.models import Job
from accounts.services import jobs
from accounts.tests.factories import make_mediator, signed_in
from logbook_site.own_data.services import downloads
from logbook_site.own_data.tests.hands import DOWNLOAD

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def waiting(context: BrowserContext, site: str) -> Page:
    """Somebody who waits for their download."""
    ann = make_mediator()
    job = downloads.begin_download(by=ann)
    cookie = signed_in(ann).cookies[django_settings.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": django_settings.SESSION_COOKIE_NAME, "value": cookie, "url": site}])
    page = context.new_page()
    page.goto(urljoin(site, f"/jobs/{job.pk}/"))
    return page


def test_the_page_goes_on_by_itself_and_says_what_changes(live_server, context: BrowserContext) -> None:
    page = waiting(context, live_server.url)
    loaded = []
    page.on("load", lambda _page: loaded.append(page.url))
    said = page.get_by_role("status")
    assert "This takes a moment." in said.inner_text()
    Job.objects.update(created_at="2026-01-01T00:00:00Z")
    page.get_by_text("It takes longer than usual.").wait_for(timeout=10_000)
    assert loaded == []  # the same page, in which a screen reader hears the new sentence
    jobs.run_next()
    page.wait_for_url(f"**{DOWNLOAD}", timeout=10_000)
    with page.expect_download() as download:
        page.get_by_role("link", name="Download the file").click()
    assert download.value.suggested_filename.endswith(".zip")


def test_what_failed_says_so_by_itself(live_server, context: BrowserContext) -> None:
    page = waiting(context, live_server.url)
    Job.objects.update(state="failed", finished_at="2026-01-01T00:00:00Z")
    page.get_by_role("button", name="Try again").wait_for(timeout=10_000)


def test_without_scripts_the_page_is_loaded_again(live_server, browser: Browser) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = waiting(context, live_server.url)
    jobs.run_next()
    page.wait_for_url(f"**{DOWNLOAD}", timeout=10_000)
    context.close()
