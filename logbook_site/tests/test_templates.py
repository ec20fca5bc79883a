"""What a template shows, its page must give it."""

from html import unescape

import pytest
from django.template import engines
from django.template.loader import render_to_string
from django.test import RequestFactory

from logbook_site.errors import SENTENCES, error_page
from logbook_site.testing import UndefinedVariable


def test_an_undefined_variable_in_our_templates_fails() -> None:
    with pytest.raises(UndefinedVariable):
        render_to_string("errors/error.html", {"title": "T", "sentences": []})


def test_other_peoples_templates_may_be_loose() -> None:
    assert engines["django"].from_string("a{{ nobody }}b").render({}) == "ab"


@pytest.mark.parametrize("status", sorted(SENTENCES))
def test_every_error_page_says_what_to_do(status: int) -> None:
    page = error_page(RequestFactory().get("/"), status)
    assert str(SENTENCES[status]) in unescape(page.text)
