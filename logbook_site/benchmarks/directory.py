"""What a directory asks the database: one mediator's totals, and the search for a mediator. Ratios to SELECT 1."""

from collections.abc import Iterator
from functools import partial

from django.http import QueryDict

from accounts.models import User
from directory.search import SearchResults
from directory.summaries import experience_of
from logbook.models import LogbookEntry
from logbook_site.benchmarks.measure import S1, Case, ask, statements_of
from logbook_site.benchmarks.seed import FIRST_NAMES, LAST_NAMES, Sown

TOTALS_GOALS = {100: 10, 50_000: 250}
SEARCH_GOAL = 8
FREQUENT, RARE = FIRST_NAMES[0], LAST_NAMES[-1]
ONE_WORD = {
    "the beginning of a frequent name": FREQUENT[:2],
    "a frequent name": FREQUENT,
    "a rare name": RARE,
    "nobody": "zz",
}
SEVERAL_WORDS = {
    "two frequent names": f"{FREQUENT} {LAST_NAMES[0]}",
    "a frequent and a rare name": f"{FREQUENT} {RARE}",
    "two frequent names, never together": f"{FREQUENT} {FIRST_NAMES[1]}",
}


def cases(sown: Sown) -> Iterator[Case]:
    """Goals are those of the one statement that looks among all; after it, the same with all that Django does."""
    for size, mediator in sown.mediators.items():
        entries = LogbookEntry.objects.visible_to(User.objects.get(pk=mediator)).live()
        look = partial(experience_of, entries)
        yield Case(
            f"totals of {size:,} entries", partial(ask, *statements_of(look)), S1, TOTALS_GOALS.get(size)
        )
        yield Case(f"totals of {size:,} entries, with Django", look, S1)
    for name, typed in (ONE_WORD | SEVERAL_WORDS).items():
        search = partial(SearchResults, typed, QueryDict())
        found, *_shown = statements_of(search)
        yield Case(f"search for {name}", partial(ask, found), S1, SEARCH_GOAL if name in ONE_WORD else None)
        yield Case(f"search for {name}, with what is shown, and Django", search, S1)
