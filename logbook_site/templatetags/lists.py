"""Addresses inside a list: another page, another page size; everything else in the address stays."""

from collections.abc import Iterator

from django import template

from logbook_site.foundation.lists import Asked

register = template.Library()


@register.simple_tag
def page_address(asked: Asked, number: int) -> str:
    return asked.address(page=str(number))


@register.simple_tag
def page_size_address(asked: Asked, size: int) -> str:
    return asked.address(per_page=str(size), page=None)


@register.simple_tag
def kept_values(asked: Asked) -> Iterator[tuple[str, str]]:
    """Name and value of everything in the address but the page: for a form that asks the same list again."""
    for name, values in asked.params.lists():
        if name != f"{asked.prefix}page":
            yield from ((name, value) for value in values)
