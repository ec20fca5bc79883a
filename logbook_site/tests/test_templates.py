"""What a template shows, its page must give it."""

from html import unescape

import pytest
from django.contrib.admin import site
from django.contrib.admin.widgets import AutocompleteSelect
from django.template import engines
from django.template.loader import render_to_string
from django.test import RequestFactory

from accounts.models import Appointment
from logbook_site.errors import SENTENCES, error_page
from logbook_site.prepare import LONG_FORMS
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


def test_the_admin_loads_the_short_forms_of_what_others_wrote() -> None:
    """The long ones are not gathered; with them, a page of the admin would not be served."""
    look_up = AutocompleteSelect(Appointment._meta.get_field("mediator"), site)
    loaded = " ".join(str(one.media) for one in [look_up, *site._registry.values()])
    assert "vendor/jquery/jquery.min.js" in loaded and "vendor/select2/select2.full.min.js" in loaded
    assert not [name for name in LONG_FORMS if f"/{name}" in loaded]
