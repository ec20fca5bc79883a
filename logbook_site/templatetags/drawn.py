"""Partials that look the same again and again, drawn once and kept in memory."""

from collections.abc import Hashable
from functools import lru_cache

from django import template
from django.template.loader import render_to_string
from django.utils.translation import get_language

register = template.Library()


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
