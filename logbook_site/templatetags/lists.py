"""Addresses inside a list: another page, another page size; everything else in the address stays."""

from django import template

from logbook_site.foundation.lists import Asked

register = template.Library()


@register.simple_tag
def page_address(asked: Asked, number: int) -> str:
    return asked.address(page=str(number))


@register.simple_tag
def page_size_address(asked: Asked, size: int) -> str:
    return asked.address(per_page=str(size), page=None)
