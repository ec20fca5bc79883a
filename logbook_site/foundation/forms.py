"""How forms are drawn: one template for a form, one for a field. And text that people typed, made safe to keep."""

import re
import unicodedata
from collections.abc import Mapping

from django import forms
from django.core.exceptions import ValidationError
from django.forms.renderers import TemplatesSetting
from django.utils.translation import gettext_lazy as _

from logbook_site.foundation.text import fold, normalized


class FormRenderer(TemplatesSetting):
    form_template_name = "partials/_form.html"
    field_template_name = "partials/_field.html"


LONG_TEXT = 20_000


class LongTextField(forms.CharField):
    """A new line is one letter, as browsers count it, though they send two."""

    def __init__(
        self, *, max_length: int = LONG_TEXT, required: bool = False, rows: int = 3, **kwargs
    ) -> None:
        widget = forms.Textarea(attrs={"rows": rows, "dir": "auto"})
        super().__init__(max_length=max_length, required=required, widget=widget, **kwargs)

    def to_python(self, value: str | None) -> str:
        return super().to_python(value).replace("\r\n", "\n")


class DateInput(forms.DateInput):
    """The browser's own calendar, which shows dates in the reader's way."""

    input_type = "date"

    def __init__(self, **kwargs) -> None:
        super().__init__(format="%Y-%m-%d", **kwargs)


class CheckboxInput(forms.CheckboxInput):
    """A tick is any value that is not empty."""

    def value_from_datadict(self, data: Mapping[str, str], files: object, name: str) -> bool:
        return bool(data.get(name))


# Marks that turn the direction of the text after them; in a name they could disguise what follows.
DIRECTION_MARKS = dict.fromkeys(map(ord, "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"))


def one_line(text: str) -> str:
    """`text` in one normal form (NFC), on one line, without control characters and direction marks: for names."""
    text = normalized(text).translate(DIRECTION_MARKS)
    visible = "".join(
        " " if unicodedata.category(letter) in {"Cc", "Zl", "Zp"} else letter for letter in text
    )
    return " ".join(visible.split())


# What a mail program would turn into a link: an address with or without its beginning ("evil.example").
ADDRESS_IN_TEXT = re.compile(r"://|www\.|\w\.[^\W\d_]{2,}")


def validate_plain_words(text: str) -> None:
    """For names that we write to strangers: nobody shall send advertising with them."""
    seen = fold(text)
    if "@" in seen or "<" in seen or ">" in seen:
        raise ValidationError(_("Write it without the signs @, < and >."), code="plain_words")
    if ADDRESS_IN_TEXT.search(seen):
        raise ValidationError(
            _("Leave out web addresses. If it is a title or an initial, put a space after the dot."),
            code="plain_words",
        )
