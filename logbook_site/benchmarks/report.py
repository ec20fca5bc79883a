"""Everything that is measured, in one table; and docs/benchmarks.md, whose words stand in benchmarks.md beside this."""

from pathlib import Path

from django.conf import settings

from logbook_site.benchmarks import directory, files, pages, parties
from logbook_site.benchmarks.measure import HEAD, Count, Result, in_rounds, rows, table
from logbook_site.benchmarks.seed import Sown

WORDS = Path(__file__).with_name("benchmarks.md")
BEGIN, END = "<!-- {part} -->", "<!-- end of {part} -->"


def everything(sown: Sown, *, rounds: int, only: str = "") -> tuple[list[Result], list[Count]]:
    """What has `only` in its name. Counts come first: after the rounds nothing is as it was sown."""
    counts = [
        count
        for counted in (pages.counts, files.counts, parties.counts)
        for count in counted(sown)
        if only in count.name
    ]
    with parties.mail_cases(sown) as mail:
        cases = [*pages.cases(sown), *directory.cases(sown), *files.cases(sown), *parties.cases(sown), *mail]
        results = in_rounds([case for case in cases if only in case.name], rounds)
    return results, counts


def told(results: list[Result], counts: list[Count]) -> str:
    return "\n\n".join(table(found) for found in (results, counts) if found)


def as_markdown(results: list[Result], counts: list[Count], size: str) -> str:
    return f"{size}.\n\n{_markdown(rows(results))}\n\nCounted:\n\n{_markdown(rows(counts))}"


def _markdown(lines: list[list[str]]) -> str:
    return "\n".join(f"| {' | '.join(line)} |" for line in [HEAD, ["---"] * len(HEAD), *lines])


def write(part: str, text: str) -> None:
    """Puts `text` between the two marks of `part`. The words around are those of the template, always."""
    file: Path = settings.BASE_DIR / "docs" / "benchmarks.md"
    page = WORDS.read_text()
    known = file.read_text() if file.exists() else ""
    for one in ("usual", "large", "load"):
        found = text if one == part else _between(known, one)
        page = page.replace(BEGIN.format(part=one), _marked(one, found or "Not measured yet."))
    file.write_text(page)


def _marked(part: str, text: str) -> str:
    return f"{BEGIN.format(part=part)}\n\n{text}\n\n{END.format(part=part)}"


def _between(page: str, part: str) -> str:
    after = page.partition(BEGIN.format(part=part))[2]
    return after.partition(END.format(part=part))[0].strip()
