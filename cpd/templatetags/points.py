"""Points as a plain number."""

from django import template

from cpd.points import plain_points

register = template.Library()
register.filter("as_points", plain_points)
