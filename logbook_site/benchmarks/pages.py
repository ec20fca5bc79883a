"""Pages of a mediator, from the web server's door. Ratios to F0 (an empty page) and F2 (the rows in a plain table)."""

import gzip
from collections.abc import Iterator
from functools import partial
from uuid import UUID

from django.db import connection
from django.template import Context, engines

from accounts.models import User
from logbook.models import LogbookEntry
from logbook_site.benchmarks import counted
from logbook_site.benchmarks.browser import Browser, well
from logbook_site.benchmarks.measure import Base, Case, Count, ask, statements_of
from logbook_site.benchmarks.seed import USUAL_CAREER, Sown

PLAIN_TABLE = """{% for entry in entries %}<tr><td>{{ entry.ended_on }}</td><td>{{ entry.title }}</td>
<td>{{ entry.get_role_display }}</td><td>{{ entry.get_medium_display }}</td><td>{{ entry.country }}</td>
<td>{{ entry.minutes }}</td><td>{{ entry.preparation_minutes }}</td><td>{{ entry.subject }}</td>
<td>{{ entry.language }}</td><td>{{ entry.provider }}</td></tr>{% endfor %}"""
GROWTH_GOALS = {3_000: 1.5, 50_000: 3}
# How a plain query sorts; the page must take a tenth of it.
SORTS = {
    "title": "lower(title)", "role": "role", "medium": "medium", "country": "country", "hours": "minutes",
}  # fmt: skip
SORTED_CAREER = 50_000


def floor(browser: Browser) -> Base:
    """F0: a page of a member with nothing on it."""
    return Base("F0", well(partial(browser.get, "/floor/")))


def plain_rows(owner: UUID, number: int) -> Base:
    """F2: as many rows of ten columns, from the ORM into a plain template."""
    template = engines["django"].from_string(PLAIN_TABLE).template
    entries = LogbookEntry.objects.filter(owner=owner, deleted_at=None).order_by("-ended_on", "-id")
    return Base(f"F2({number})", lambda: template.render(Context({"entries": entries[:number]})))


def cases(sown: Sown) -> Iterator[Case]:
    usual = sown.mediators[USUAL_CAREER]
    browser, fuller = browser_of(usual), browser_of(sown.with_cpd)
    # The size of a page is remembered: the long one is another mediator's.
    longer = browser_of(sown.with_long_pages)
    logbook = well(partial(browser.get, "/logbook/"))
    yield Case(
        "Logbook, 25 rows, nothing below", well(partial(browser.get, "/logbook/")), plain_rows(usual, 25), 1.5
    )
    yield Case(
        "Logbook, 25 rows, and 25 of CPD",
        well(partial(fuller.get, "/logbook/")),
        plain_rows(sown.with_cpd, 25),
        2,
    )
    yield Case(
        "Logbook, 100 rows",
        well(partial(longer.get, "/logbook/?per_page=100")),
        plain_rows(sown.with_long_pages, 100),
        1,
    )
    yield Case("Home of a mediator", well(partial(browser.get, "/")), floor(browser))
    of_usual = Base(f"of {USUAL_CAREER}", logbook)
    for size, mediator in sown.mediators.items():
        if size != USUAL_CAREER:
            page = well(partial(browser_of(mediator).get, "/logbook/"))
            yield Case(f"Logbook of {size:,} entries", page, of_usual, GROWTH_GOALS.get(size))
    if SORTED_CAREER in sown.mediators:
        yield from _sorts(sown.mediators[SORTED_CAREER])


def _sorts(mediator: UUID) -> Iterator[Case]:
    """The statements that get the rows of a page, against all columns of all rows sorted by the database."""
    browser = browser_of(mediator)
    for name, expression in SORTS.items():
        told = statements_of(partial(browser.get, f"/logbook/?sort={name}"))
        shown = [
            one for one in told if "ORDER BY" in one and "logbook_logbookentry" in one and "LIMIT" in one
        ]
        plain = (
            f"SELECT * FROM logbook_logbookentry WHERE owner_id = '{mediator}' AND deleted_at IS NULL "
            f"ORDER BY {expression}, ended_on DESC, id DESC"
        )
        base = Base("ORDER BY", partial(ask, f"SELECT count(*) FROM ({plain} OFFSET 0) AS plain"))
        yield Case(f"sorted by {name}, {SORTED_CAREER:,} entries", partial(ask, *shown), base, 0.1)


def counts(sown: Sown) -> Iterator[Count]:
    usual = sown.mediators[USUAL_CAREER]
    pages: dict[str, tuple[Browser, str, int | None]] = {
        "Logbook, 25 rows, nothing below": (browser_of(usual), "/logbook/", 5),
        "Logbook, 25 rows, and 25 of CPD": (browser_of(sown.with_cpd), "/logbook/", 7),
        "Logbook, 100 rows": (browser_of(sown.with_long_pages), "/logbook/?per_page=100", 5),
        "Home of a mediator": (browser_of(usual), "/", None),
    }
    for name, (browser, address, goal) in pages.items():
        ask_for = well(partial(browser.get, address))
        body = ask_for().body
        yield Count(f"{name}: questions to the database", len(statements_of(ask_for)), "", goal)
        yield Count(f"{name}: Python calls", counted.python_calls(ask_for), "")
        yield Count(f"{name}: HTML", len(gzip.compress(body, mtime=0)) / 1000, "kB gzip", 40)
    longest = browser_of(sown.mediators[max(sown.mediators)])
    asked = statements_of(well(partial(longest.get, "/logbook/")))
    yield Count(f"Logbook of {max(sown.mediators):,}: tables read whole", counted.whole_tables(asked), "", 0)
    before = connection.connection.info.backend_pid
    for _time in range(20):
        longest.get("/floor/")
    new = connection.connection.info.backend_pid != before
    yield Count("connections opened by 20 pages", int(new), "", 0)


def browser_of(mediator: UUID) -> Browser:
    return Browser(User.objects.get(pk=mediator))
