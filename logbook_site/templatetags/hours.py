"""Minutes in words."""

from django import template

from logbook_site.foundation.hours import decimal_hours, show_hours

register = template.Library()
register.filter("as_hours", show_hours)
register.filter("as_decimal_hours", decimal_hours)
