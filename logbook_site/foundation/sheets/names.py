"""Countries and languages by their names and codes, as values of a column."""

from functools import cache

from babel import Locale
from django_countries import countries

from logbook_site.foundation.languages import NOT_SPOKEN
from logbook_site.foundation.sheets.columns import Words

NAMED_IN = ("en", "fr", "es", "pt", "de", "ar")
# How people write these.
COUNTRIES_TOO = {
    "GB": [
        "UK",
        "England",
        "Scotland",
        "Wales",
        "Great Britain",
        "Northern Ireland",
        "Angleterre",
        "Inglaterra",
    ],
    "US": ["USA", "U.S.A.", "U.S.", "America", "EEUU", "EE. UU.", "EUA"],
    "AE": ["UAE", "Emirates", "Dubai", "VAE"],
    "KR": ["Korea"],
    "NL": ["Holland", "The Netherlands"],
    "CZ": ["Czech Republic"],
    "DE": ["BRD"],
    "SA": ["KSA"],
}
LANGUAGES_TOO = {"nl": ["Flemish"], "fa": ["Farsi"], "zh": ["Mandarin", "Cantonese"], "es": ["Castellano"]}


@cache
def country_words() -> Words:
    """ISO 3166 code → its names in the six languages, and the code."""
    names: dict[str, list[str]] = {code: [code] for code in dict(countries)}
    for language in NAMED_IN:
        for code, name in Locale.parse(language).territories.items():
            if code in names:
                names[code].append(name)
    for code, some in COUNTRIES_TOO.items():
        names[code] += some
    return names


@cache
def language_words() -> Words:
    """ISO 639-1 code → its names in the six languages, and the code."""
    names: dict[str, list[str]] = {}
    for language in NAMED_IN:
        for code, name in Locale.parse(language).languages.items():
            if len(code) == 2 and code not in NOT_SPOKEN:
                names.setdefault(code, [code]).append(name)
    for code, some in LANGUAGES_TOO.items():
        names[code] += some
    return names
