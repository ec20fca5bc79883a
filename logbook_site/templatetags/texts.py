"""What people typed, in a PDF: its maker does not know dir="auto"."""

from django import template

from logbook_site.foundation.text import direction_of

register = template.Library()
register.filter("direction", direction_of)
