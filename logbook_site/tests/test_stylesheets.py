"""Stylesheets hold what pages use, nothing else, and each page asks for what it uses."""

import re
from pathlib import Path

import pytest
from django.conf import settings

ROOT: Path = settings.BASE_DIR
PAGES = {str(file.relative_to(ROOT / "templates")): file for file in (ROOT / "templates").rglob("*.html")}
# The names of columns and of states of an invitation are put behind these.
MADE_FROM = ("col-", "sending-")


def classes_of(stylesheet: str) -> set[str]:
    css = re.sub(r"/\*.*?\*/", "", (ROOT / "static" / stylesheet).read_text(), flags=re.DOTALL)
    selectors = re.findall(r"(?:^|[{};])\s*([^{};@]+)\{", css)
    return {name for selector in selectors for name in re.findall(r"\.([a-z][\w-]*)", selector)}


def words_of(text: str) -> set[str]:
    return set(re.findall(r"[A-Za-z][\w-]*", text))


@pytest.mark.parametrize("stylesheet", ["base.css", "logbook.css", "reading.css"])
def test_every_class_is_used(stylesheet: str) -> None:
    files = [*PAGES.values(), *(ROOT / "static").glob("*.js"), *ROOT.glob("[a-z]*/**/*.py")]
    ours = [file for file in files if "tests" not in file.relative_to(ROOT).parts]
    used = words_of(" ".join(file.read_text() for file in ours))
    unused = classes_of(stylesheet) - used
    assert {name for name in unused if not name.startswith(MADE_FROM)} == set()


def test_pages_ask_for_the_stylesheet_they_need() -> None:
    """`reading.css` is for some pages only: those and no others name it."""
    special = classes_of("reading.css") - classes_of("logbook.css") - classes_of("base.css")
    pages = {name for name, file in PAGES.items() if is_page(name, file)}
    needs = {name for name in pages if special & classes_in(name)}
    names = {name for name in pages if "reading.css" in PAGES[name].read_text()}
    assert needs - names == set()


def is_page(name: str, file: Path) -> bool:
    parts = name.split("/")
    return (
        not {"emails", "email", "party"} & set(parts)
        and "base_pdf" not in file.read_text()[:100]
        and (not parts[-1].startswith(("_", "base")))
    )


def classes_in(name: str) -> set[str]:
    """Of a template and all that it includes or extends."""
    text = PAGES[name].read_text()
    own = words_of(" ".join(re.findall(r'class="([^"]*)"', text)))
    parts = re.findall(r'(?:include|extends) "([^"]+)"', text)
    return own.union(*(classes_in(part) for part in parts if part in PAGES))
