"""What a download holds: every model of the site, with its files and columns, or why it is left out.

Literal on purpose: a test compares it with the models, field by field, so that a new one is told or left out by
somebody's decision.
"""

from logbook_site.own_data.download_map import feedback, people, work
from logbook_site.own_data.download_map.left_out import ABOUT_NOBODY, NOT_TOLD
from logbook_site.own_data.tables import Table

# {label of the model: its files}, in the order of the README.
TOLD: dict[str, tuple[Table, ...]] = people.TOLD | work.TOLD | feedback.TOLD
TABLES = [table for tables in TOLD.values() for table in tables]

__all__ = ["ABOUT_NOBODY", "NOT_TOLD", "TABLES", "TOLD"]
