"""Points of professional development, as people write them: a number with two decimals at most.

Who gives them decides what they are worth: they are never made from hours, nor hours from them.
"""

import re
from decimal import Decimal

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from logbook_site.foundation.hours import MOST_LETTERS, HoursError, plain_number

MOST_POINTS = Decimal(10_000)
EXAMPLE = gettext_lazy("Enter the points as a number, for example 6 or 1.5.")
NUMBER = re.compile(r"(?P<whole>\d*)(?:[.,](?P<part>\d+))? ?(?:points?|pts?\.?)?")


def parse_points(text: str) -> Decimal:
    """The number in `text`: `6` `1.5` `1,5` `12 points`, digits of any script. Raises ValidationError otherwise."""
    try:
        found = NUMBER.fullmatch(plain_number(text))
    except HoursError:
        found = None
    if not found or not (found["whole"] or found["part"]):
        raise ValidationError(EXAMPLE, code="points")
    whole, part = found["whole"] or "0", found["part"] or ""
    if len(part) == 3:
        # Half of the world groups thousands with this mark, the other half begins the decimals with it.
        raise ValidationError(
            _("Is it %(short)s points or %(long)s points? Enter it without the mark, or with two decimals.")
            % {"short": f"{int(whole)}.{part}", "long": int(whole + part)},
            code="points",
        )
    if len(part) > 2:
        raise ValidationError(
            _("Enter the points with two decimals at most, for example 1.25."), code="points"
        )
    points = Decimal(f"{whole}.{part or 0}")
    if points > MOST_POINTS:
        raise ValidationError(_("That is more than 10,000 points. Enter a smaller number."), code="points")
    if not points:
        raise ValidationError(
            _("That is no points at all. Leave the field empty, or enter a number such as 1.5."),
            code="points",
        )
    return points


def plain_points(points: Decimal) -> str:
    """`points` with no more decimals than it has, and a dot: "6", "1.5"."""
    return f"{points:.2f}".rstrip("0").rstrip(".")


def show_points(points: Decimal) -> str:
    """`points` for people: "1 point", "1.5 points"."""
    shown = plain_points(points)
    return _("1 point") if shown == "1" else _("%(number)s points") % {"number": shown}


class PointsField(forms.CharField):
    """A text field that cleans to a Decimal, or None when it is empty."""

    def __init__(self, **options) -> None:
        super().__init__(**{"empty_value": None, **options})

    def widget_attrs(self, widget: forms.Widget) -> dict[str, object]:
        ours = {"inputmode": "decimal", "autocomplete": "off", "size": 8, "maxlength": MOST_LETTERS}
        return super().widget_attrs(widget) | ours

    def prepare_value(self, value: object) -> object:
        return plain_points(value) if isinstance(value, Decimal) else value

    def to_python(self, value: object) -> Decimal | None:
        text = super().to_python(value)
        return None if text is self.empty_value else parse_points(text)
