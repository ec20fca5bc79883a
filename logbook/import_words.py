"""By which headings and values an import knows the fields of a logbook entry."""

from logbook_site.foundation.sheets import Words

# Fields of the entry form, with the headings by which they are known.
FIELDS: Words = {
    "ended_on": ["End date", "Date"],
    "started_on": ["Start date"],
    "title": ["Reference"],
    "role": ["Role"],
    "medium": ["Medium"],
    "hours": ["Hours"],
}
# Of fields with choices: each choice with the values by which it is known. Also `country` and `language`, by code.
VALUES: dict[str, Words] = {
    "role": {"lead": ["Lead mediator"]},
}
