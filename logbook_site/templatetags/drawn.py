"""Partials that look the same again and again, drawn once and kept in memory."""

from collections.abc import Hashable
from functools import lru_cache

from django import template
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.translation import get_language

from logbook_site.foundation.text import as_format

register = template.Library()
PLACE = "place-of-an-address"


@register.simple_tag
def drawn(partial: str, keep: bool = True, **values: Hashable) -> str:
    """Includes `partial`, which sees nothing of the page but these `values`: so it cannot show one reader another's.

    Names and texts that people typed would stay in memory: where there may be such, `keep` says whether there are none.
    """
    if not keep:
        return render_to_string(partial, values)
    return _drawn(partial, get_language(), tuple(values.items()))


@lru_cache(maxsize=1000)
def _drawn(partial: str, _language: str, values: tuple[tuple[str, Hashable], ...]) -> str:
    return render_to_string(partial, dict(values))


@register.simple_tag
def drawn_with(partial: str, language_address: str, **values: Hashable) -> str:
    """As `drawn`, for a partial in which an address is another one for each party: it is put in, and not kept."""
    return format_html(_with_place(partial, get_language(), tuple(values.items())), address=language_address)


@lru_cache(maxsize=100)
def _with_place(partial: str, language: str, values: tuple[tuple[str, Hashable], ...]) -> str:
    drawn = render_to_string(partial, dict(values) | {"language": language, "language_address": PLACE})
    return as_format(drawn, {PLACE: "{address}"})
