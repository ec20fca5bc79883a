"""Lists: what a reader asked for in the address, read once, for the page, the export and the print.

`sort` names a column (`-` before it: the other way round), `page`, `per_page`, and filters by name; a repeated filter
means "or". What is not understood becomes a complaint: the page names it and leaves it out, the export and the print
refuse. So nobody ever gets "everything" in silence.
"""

from logbook_site.foundation.lists.asked import PAGE_SIZES, USUAL_PAGE_SIZE, Asked, NotUnderstood
from logbook_site.foundation.lists.filters import (
    AnyOfFilter,
    FromDateFilter,
    OpenAnyOfFilter,
    Several,
    ToDateFilter,
    WordsFilter,
    YearFilter,
    is_year,
)
from logbook_site.foundation.lists.listing import Listing, downloaded, printed
from logbook_site.foundation.lists.rows import Chip, CountedPaginator, FilteredList
from logbook_site.foundation.lists.saved import SavedView, SavedViews, ViewRefused
from logbook_site.foundation.lists.table import ListTable, drawn_table, kept

__all__ = [
    "PAGE_SIZES",
    "USUAL_PAGE_SIZE",
    "AnyOfFilter",
    "Asked",
    "Chip",
    "CountedPaginator",
    "FilteredList",
    "FromDateFilter",
    "ListTable",
    "Listing",
    "NotUnderstood",
    "OpenAnyOfFilter",
    "SavedView",
    "SavedViews",
    "Several",
    "ToDateFilter",
    "ViewRefused",
    "WordsFilter",
    "YearFilter",
    "downloaded",
    "is_year",
    "drawn_table",
    "kept",
    "printed",
]
