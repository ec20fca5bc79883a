"""Our own drawing of a list to choose from is Django's, only faster."""

from django import forms
from django.forms.renderers import DjangoTemplates


class Marked(forms.Select):
    """One whose options have attributes of their own."""

    def create_option(self, name, value, *args, **kwargs):
        option = super().create_option(name, value, *args, **kwargs)
        option["attrs"] |= {"data-of": f"<{value}>", "disabled": value == "b", "hidden": False}
        return option


def test_a_list_to_choose_from_is_drawn_as_django_draws_it() -> None:
    choices = [("", "—"), ("a", "A & <b>"), (None, "Nobody"), ("Others", [("b", "B"), (4, "Four")])]
    for kind in (forms.Select, forms.SelectMultiple, Marked):
        for chosen in ("", "a", None, "4", ["b", "4"]):
            field = kind(attrs={"id": "one", "required": True}, choices=choices)
            ours = field.render("one", chosen)
            assert ours.split() == field.render("one", chosen, renderer=DjangoTemplates()).split()
            assert "<option" in ours
