"""Minutes in words."""

from django import template

from logbook_site.foundation.hours import decimal_hours, show_hours

register = template.Library()
register.filter("as_decimal_hours", decimal_hours)


@register.filter
def as_hours(minutes: int) -> str:
    return show_hours(minutes, grouped=True)
