"""What a template shows, its page must give it."""

import pytest
from django.template import engines
from django.template.loader import render_to_string

from logbook_site.testing import UndefinedVariable


def test_an_undefined_variable_in_our_templates_fails() -> None:
    with pytest.raises(UndefinedVariable):
        render_to_string("errors/error.html", {"title": "T", "sentences": []})


def test_other_peoples_templates_may_be_loose() -> None:
    assert engines["django"].from_string("a{{ nobody }}b").render({}) == "ab"
