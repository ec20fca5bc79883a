"""What is translated: every message in the files that parties read, and no other.

locale/ holds one catalogue a language. `python manage.py gather_messages` brings all of them up to date with these
files; a test fails when one is not, or when a message has no translation.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.template.loader import get_template
from django.templatetags.i18n import BlockTranslateNode, TranslateNode

from logbook_site.foundation.catalogues import PLACE

LOCALE: Path = settings.BASE_DIR / "locale"
# All messages of a file count: what parties and members read stands in different files.
TEMPLATES = (
    "base_public.html",
    "base_mail.*",
    "errors/error.html",
    "partials/_error_summary.html",
    "partials/_field.html",
    "partials/_field_hints.html",
    "partials/_languages.html",
    "partials/_mail_link.html",
    "feedback/party/*.html",
    "feedback/emails/_below.*",
    "feedback/emails/invitation.*",
    "feedback/emails/reminder.*",
    "feedback/emails/confirmation.*",
)
MODULES = (
    "feedback/choices/answers.py",
    "feedback/emails/parties.py",
    "feedback/forms/general.py",
    "feedback/forms/survey.py",
    "feedback/forms/taking_back.py",
    "feedback/surveys.py",
    "feedback/views/general.py",
    "feedback/views/party.py",
    "logbook_site/errors.py",
    "logbook_site/foundation/addresses.py",
    "logbook_site/foundation/periods.py",
)
FUNCTIONS = {"_": None, "gettext": None, "gettext_lazy": None, "ngettext": (1, 2)}


class Message(NamedTuple):
    """`plural` is empty where the message has no number."""

    text: str
    plural: str
    file: str


def templates() -> list[str]:
    """The names of the templates that parties read."""
    folder = settings.BASE_DIR / "templates"
    files = [file for pattern in TEMPLATES for file in sorted(folder.glob(pattern))]
    return [str(file.relative_to(folder)) for file in files]


def messages() -> list[Message]:
    """Every message that parties read, once, in the order of the files."""
    found: dict[str, Message] = {}
    for message in [*_in_templates(), *_in_modules()]:
        found.setdefault(message.text, message)
    return list(found.values())


def _in_templates() -> Iterator[Message]:
    for name in templates():
        nodes = get_template(name).template.nodelist
        for node in nodes.get_nodes_by_type((TranslateNode, BlockTranslateNode)):
            if isinstance(node, TranslateNode):
                yield Message(node.filter_expression.var.literal, "", f"templates/{name}")
            else:
                singular, plural = (node.render_token_list(part)[0] for part in (node.singular, node.plural))
                yield Message(singular, plural, f"templates/{name}")


def _in_modules() -> Iterator[Message]:
    for name in MODULES:
        with (settings.BASE_DIR / name).open("rb") as file:
            for _line, text, _comments, _context in extract("python", file, FUNCTIONS):
                singular, plural = (text, "") if isinstance(text, str) else text
                yield Message(singular, plural, name)


def catalogue(code: str) -> Catalog:
    """What locale/ holds for a language."""
    with (LOCALE / code / PLACE).open("rb") as stored:
        return read_po(stored, locale=code)


def gather(code: str) -> None:
    """Write the catalogue of a language anew: with every message, what was translated, and nothing that is gone.

    Its head stays as it is. A new language begins as a file with nothing else: see one of the others.
    """
    file = LOCALE / code / PLACE
    head, _blank_line, _messages = file.read_text().partition("\n\n")
    old, new = catalogue(code), Catalog(locale=code)
    for message in messages():
        known = old.get(message.text)
        key = (message.text, message.plural) if message.plural else message.text
        new.add(key, known.string if known else None, locations=[(message.file, None)])
    with file.open("wb") as target:
        target.write(f"{head.rstrip()}\n\n".encode())
        write_po(target, new, width=0, include_lineno=False, omit_header=True)
