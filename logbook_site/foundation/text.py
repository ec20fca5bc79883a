"""Text that people typed: made comparable, and which way it runs."""

import re
import unicodedata
from collections.abc import Mapping

# What separates the parts of a word: O’Brien, Jean-Luc, J.P.
INSIDE_WORDS = re.compile(r"[\W_]+")
# Of a word, so many letters count: one letter can fold into eighteen, and an index holds 2,700 bytes.
WORD_LETTERS = 100
# A text that unfolds to more than so many times its length keeps its letters: twenty thousand times U+FDFA would be a
# book. Nobody writes so.
UNFOLDED_MOST = 4
# Accents, and marks that nobody sees. Other planes than these hold none.
NOT_COUNTED = {
    number: None
    for number in (*range(0xA0, 0x20000), *range(0xE0000, 0xE0200))
    if unicodedata.combining(chr(number)) or unicodedata.category(chr(number)) == "Cf"
}


def fold(text: str) -> str:
    """`text` without case and accents, in one normal form: “Ålesund, ÉTÉ” and “alesund, ete” become the same.

    Marks that nobody sees (of direction, of width zero, soft hyphens) do not count either.
    """
    if text.isascii():  # most texts: nothing of all that can be in them
        return text.casefold()
    small = text.casefold()
    parts = unicodedata.normalize("NFKD", small)
    if len(parts) > UNFOLDED_MOST * len(small):
        parts = unicodedata.normalize("NFD", small)
    return unicodedata.normalize("NFC", parts.translate(NOT_COUNTED))


def direction_of(text: str) -> str:
    """Whether it runs "rtl" or "ltr", by the first letter that tells: as dir="auto" has it in a browser."""
    ways = (unicodedata.bidirectional(letter) for letter in text)
    first = next((way for way in ways if way in {"L", "R", "AL"}), "L")
    return "ltr" if first == "L" else "rtl"


def latin_digits(text: str) -> str:
    """`text` with the digits of every script as 0 to 9."""
    return text if text.isascii() else "".join(str(unicodedata.decimal(letter, letter)) for letter in text)


def search_words(text: str) -> set[str]:
    """The folded words of `text` as somebody types them to search: “Jean-Luc O’B” gives “jeanluc” and “ob”."""
    return {INSIDE_WORDS.sub("", word)[:WORD_LETTERS] for word in fold(text).split()} - {""}


def name_words(name: str) -> set[str]:
    """The words by whose beginning a name is found: “Jean-Luc O’Brien” also by “luc” and by “brien”."""
    return search_words(name) | search_words(INSIDE_WORDS.sub(" ", fold(name)))


def as_format(drawn: str, places: Mapping[str, str]) -> str:
    """A drawn piece of HTML as a format for `format_html`: each word of `places` becomes its field, "{name}", "{}"."""
    drawn = drawn.replace("{", "{{").replace("}", "}}")
    for word, field in places.items():
        drawn = drawn.replace(word, field)
    return drawn
