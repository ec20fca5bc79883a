"""One question of the help page and its answer."""

from django import template
from django.template.loader import render_to_string
from django.utils.html import strip_tags

from logbook_site.foundation.text import fold
from logbook_site.help.links import links_for

register = template.Library()


@register.simple_block_tag(takes_context=True)
def answer(context: template.Context, content: str, name: str, question: str, pages: str = "") -> str:
    """Nothing, when words are searched (`wanted`, folded) and not all of them stand here.

    `name` is its anchor; `pages` are names of addresses, and those that the reader can open stand below as links.
    """
    said = fold(f"{question} {strip_tags(content)}")
    if not all(word in said for word in context["wanted"]):
        return ""
    shown = {
        "name": name,
        "question": question,
        "answer": content,
        "links": links_for(pages, context["user"]),
        "is_open": bool(context["wanted"]),
    }
    return render_to_string("help/_answer.html", shown)
