"""The other half of the pages; see test_look.py."""

import pytest
from playwright.sync_api import Page

from logbook_site.tests.pages import SECOND_HALF
from logbook_site.tests.test_look import mailbox, walk

__all__ = ["mailbox"]


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_every_page_of_the_second_half(page: Page, live_server, mailbox: None) -> None:
    walk(SECOND_HALF, page, live_server.url)
