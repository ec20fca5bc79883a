"""Addresses inside a list: another page, another page size; everything else in the address stays."""

from django import template

from logbook_site.foundation.lists import Asked

register = template.Library()


@register.simple_tag
def page_address(asked: Asked, number: int) -> str:
    return f"?{asked.rest('page')}{asked.prefix}page={number}{asked.anchor}"


@register.simple_tag
def page_size_address(asked: Asked, size: int) -> str:
    return f"?{asked.rest('per_page', 'page')}{asked.prefix}per_page={size}{asked.anchor}"
