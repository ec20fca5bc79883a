"""Names inside sentences."""

from django import template
from django.utils.html import format_html

register = template.Library()


@register.filter
def isolated(name: str) -> str:
    """For HTML: a name keeps its own direction, and does not turn the words around it."""
    return format_html("<bdi>{}</bdi>", name)
