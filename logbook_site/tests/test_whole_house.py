"""Habits that hold in every file of the project."""

import ast
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command

ROOT: Path = settings.BASE_DIR
APPS = ["logbook_site", "accounts", "logbook", "cpd", "feedback", "reviewers", "directory"]
CODE = [
    file
    for app in APPS
    for file in (ROOT / app).rglob("*.py")
    if not {"tests", "migrations"} & {*file.relative_to(ROOT).parts}
]
TEMPLATES = [file for file in (ROOT / "templates").rglob("*") if file.is_file()]
# What every page of Django's admin is built on.
NAMED_BY_DJANGO = {"admin/base_site.html"}
# A message, a mail or an error page of allauth is named there, not here.
NAMED_BY_ALLAUTH = ("account/", "mfa/", "usersessions/")


@pytest.mark.django_db
def test_models_and_migrations_agree() -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def test_the_time_comes_from_one_function() -> None:
    """`foundation/clock.py` alone asks the computer: else a moved clock moves half of the site."""
    asks = re.compile(r"timezone\.now\(|datetime\.(?:now|today|utcnow)\(|date\.today\(|time\.time\(|auto_now")
    guilty = {str(file.relative_to(ROOT)) for file in CODE if asks.search(file.read_text())}
    assert guilty == {"logbook_site/foundation/clock.py"}


def test_no_room_is_called_utils() -> None:
    names = {file.stem for file in CODE} | {file.parent.name for file in CODE}
    assert names & {"utils", "helpers", "common", "core", "misc", "lib"} == set()


def test_nothing_is_marked_safe_but_what_we_made() -> None:
    """People's text is always escaped. The two exceptions are made by libraries from our own words."""
    unsafe = re.compile(r"\|\s*safe\b|autoescape off|mark_safe|safestring")
    guilty = {
        str(file.relative_to(ROOT))
        for file in [*CODE, *TEMPLATES]
        if file.suffix != ".txt" and unsafe.search(file.read_text())
    }
    # Hints are our own sentences; the QR code is drawn by the library from the key.
    assert guilty == {"templates/partials/_field_hints.html", "templates/mfa/totp/activate_form.html"}


def test_no_style_script_or_picture_inside_a_page() -> None:
    inside = re.compile(
        r"\sstyle=|<style|\son\w+=|<script(?![^>]*(?:src=|application/json))|data:image|javascript:"
    )
    pages = [file for file in TEMPLATES if file.suffix == ".html"]
    # The PDF and the mails have a small stylesheet inside; no browser ever sees them as pages of the site.
    assert {file.name for file in pages if inside.search(file.read_text())} == {
        "base_pdf.html",
        "base_mail.html",
    }


@pytest.mark.parametrize("file", ["base.css", "logbook.css", "reading.css", "desk.css"])
def test_the_stylesheets_are_logical_and_ask_nobody(file: str) -> None:
    css = (ROOT / "static" / file).read_text()
    sides = re.compile(
        r"(?:margin|padding|border)-(?:left|right|top|bottom)|text-align:\s*(?:left|right)|float:\s*(?:left|right)"
    )
    assert sides.findall(css) == []
    four_values = re.findall(r"(?:padding|margin|inset): [^\s;]+ ([^\s;]+) [^\s;]+ ([^\s;]+);", css)
    assert [
        pair for pair in four_values if pair[0] != pair[1]
    ] == []  # the second is the right, the last the left
    assert re.findall(r"url\(|@import|https?:", css) == []


def name_in_code(template: str) -> str:
    """A mail is known as "<app>/<name>": three templates. A part of one is included by its whole name."""
    app, _folder, name = template.partition("/emails/")
    if name.startswith("_"):
        return template
    return f"{app}/{name.partition('.')[0]}" if name else template


def test_every_template_is_used() -> None:
    """By code, or by another template; allauth's are named by allauth."""
    text = "".join(file.read_text() for file in [*CODE, *TEMPLATES])
    names = {str(file.relative_to(ROOT / "templates")) for file in TEMPLATES}
    ours = {name for name in names if not name.startswith((*NAMED_BY_ALLAUTH, "django/"))} - NAMED_BY_DJANGO
    assert {name for name in ours if f'"{name_in_code(name)}"' not in text} == set()
    import allauth

    stock = Path(allauth.__file__).parent / "templates"
    theirs = {name for name in names if name.startswith(NAMED_BY_ALLAUTH)}
    unknown = {name for name in theirs if not (stock / name).exists() and f'"{name}"' not in text}
    assert unknown == set()


def words_outside_tags(template: str) -> str:
    """What a page would show although it was never marked for translation."""
    template = re.sub(r"{%\s*(comment|blocktranslate).*?%}.*?{%\s*end\1\s*%}", "", template, flags=re.S)
    template = re.sub(r"{% block body_class %}.*?{% endblock %}", "", template)
    template = re.sub(
        r"<script.*?</script>|<style>.*?</style>|<!doctype html>|{#.*?#}", "", template, flags=re.S | re.I
    )
    template = re.sub(r"{%.*?%}|{{.*?}}", "", template, flags=re.S)
    template = re.sub(r"<[^>]*>", " ", template, flags=re.S)
    return " ".join(template.split())


def test_every_word_on_screen_is_marked_for_translation() -> None:
    pages = [file for file in TEMPLATES if file.suffix == ".html"]
    bare = {str(file.relative_to(ROOT)): words_outside_tags(file.read_text()) for file in pages}
    assert {name: words for name, words in bare.items() if re.search(r"[A-Za-z]{2}", words)} == {}


def test_every_function_of_a_service_says_what_it_does() -> None:
    silent = []
    for file in CODE:
        if "services" not in file.parts and file.parent.name != "foundation":
            continue
        for node in ast.parse(file.read_text()).body:
            public = isinstance(node, ast.FunctionDef) and not node.name.startswith("_")
            if public and not ast.get_docstring(node) and len(node.body) > 3:
                silent.append(f"{file.relative_to(ROOT)}:{node.name}")
    assert silent == []
