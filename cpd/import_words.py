"""By which headings and values an import knows the fields of a CPD entry."""

from logbook_site.foundation.sheets import Words

# Fields of the entry form, with the headings by which they are known.
FIELDS: Words = {
    "completed_on": ["Date"],
    "title": ["Title"],
}
# Of fields with choices: each choice with the values by which it is known. Also `country`, by code.
VALUES: dict[str, Words] = {
    "kind": {"training": ["Training course"]},
}
