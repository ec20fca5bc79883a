"""Codes as words, in downloads and lists."""

import pytest
from django.utils.translation import gettext_lazy

from logbook_site.foundation.exports import in_words


@pytest.mark.parametrize(("code", "word"), [("lead", "Lead"), ("", ""), (None, ""), ("gone", "")])
def test_a_code_that_is_not_known_is_an_empty_cell(code: str | None, word: str) -> None:
    assert in_words([("lead", gettext_lazy("Lead")), ("co", "Co")])(code) == word
