"""Imports go down only: the plan of the house, enforced."""

import ast
from pathlib import Path

import pytest
from django.conf import settings

ROOT: Path = settings.BASE_DIR
# From the roof to the cellar. Rooms on one floor do not know each other.
FLOORS = [{"logbook_site"}, {"directory", "reviewers"}, {"feedback"}, {"logbook"}, {"cpd"}, {"accounts"}]
FLOOR_OF = {app: number for number, apps in enumerate(FLOORS) for app in apps}
CELLAR = "logbook_site.foundation"
# What one app may use of another: never its views, forms or tables.
OPEN_ROOMS = {
    "models", "querysets", "summaries", "permissions", "services", "choices", "limits",
    # What was asked, what was answered, and a row of a download: words, no rule about who may read them.
    "surveys", "facts", "exports",
}  # fmt: skip
# Rooms that other floors must enter for a reason of their own.
EXCEPTIONS = {
    ("logbook_site.home", "accounts.forms"): "Home shows the question of the first visit",
    ("logbook_site.home", "directory.forms"): "a directory's Home begins with the search",
    ("logbook_site.device", "logbook.forms"): "the page without a network is the form of the logbook",
    ("logbook.views", "cpd.listing"): "the Logbook page shows CPD's own table and filter",
}


def python_files() -> list[Path]:
    folders = [ROOT / app for app in FLOOR_OF]
    files = [file for folder in folders for file in folder.rglob("*.py")]
    return [file for file in files if "tests" not in file.relative_to(ROOT).parts]


def module_name(file: Path) -> str:
    return ".".join(file.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def imports_of(file: Path) -> set[str]:
    """Dotted names that `file` imports from this project, at any depth of its code."""
    names = set()
    package = module_name(file) if file.name == "__init__.py" else module_name(file).rpartition(".")[0]
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            above = package.split(".")[: len(package.split(".")) - node.level + 1] if node.level else []
            base = ".".join([*above, *([node.module] if node.module else [])])
            names |= {f"{base}.{alias.name}" for alias in node.names}
    return {name for name in names if name.partition(".")[0] in FLOOR_OF}


def is_in(name: str, place: str) -> bool:
    return name == place or name.startswith(f"{place}.")


def complaint(importer: str, imported: str) -> str | None:
    here, there = importer.partition(".")[0], imported.partition(".")[0]
    if is_in(importer, CELLAR):
        return None if is_in(imported, CELLAR) else "the cellar knows no app"
    if is_in(imported, CELLAR) or here == there:
        return None
    if FLOOR_OF[there] <= FLOOR_OF[here]:
        return "imports go down only"
    room = imported.split(".")[1] if "." in imported else ""
    if any(importer == one and is_in(imported, other) for one, other in EXCEPTIONS):
        return None
    if (here != "logbook_site" and room not in OPEN_ROOMS) or room in {"views", "forms", "tables"}:
        return f"{room} of another app is not open"
    return None


def test_imports_go_down_only() -> None:
    complaints = [
        f"{module_name(file)} imports {name}: {said}"
        for file in python_files()
        for name in sorted(imports_of(file))
        if (said := complaint(module_name(file), name))
    ]
    assert complaints == []


@pytest.mark.parametrize(
    ("importer", "imported"),
    [
        ("accounts.services.people", "logbook.models.LogbookEntry"),
        ("cpd.views", "logbook.models.LogbookEntry"),
        ("reviewers.views", "directory.models.Look"),
        ("logbook_site.foundation.clock", "accounts.models.User"),
        ("feedback.views", "logbook_site.home"),
        ("feedback.views", "accounts.views.my_details"),
        ("feedback.views", "cpd.listing.CpdListing"),
        ("cpd.listing", "logbook.listing.LogbookListing"),
        ("logbook_site.home", "accounts.views.my_details"),
    ],
)
def test_a_forbidden_import_is_seen(importer: str, imported: str) -> None:
    assert complaint(importer, imported)


def test_every_app_has_a_floor() -> None:
    own = {app.partition(".")[0] for app in settings.INSTALLED_APPS}
    assert {app for app in own if (ROOT / app).is_dir()} == set(FLOOR_OF)


def test_the_top_level_is_fixed() -> None:
    """The user fixed what lies beside `manage.py`; what git ignores does not count."""
    allowed = set(FLOOR_OF) | {
        "manage.py", "templates", "static", "requirements.txt", "pytest.ini", "README.md",
        "Makefile", "pyproject.toml", "CHANGELOG.md", "LICENSE", "SECURITY.md", ".gitignore",
        ".ci", "deploy", "docs", "locale",
        ".git", ".venv", "var", ".pytest_cache", ".ruff_cache", ".hypothesis", "__pycache__",
    }  # fmt: skip
    assert {path.name for path in ROOT.iterdir()} <= allowed
