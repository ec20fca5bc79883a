"""Text that people typed: made comparable, and which way it runs."""

import re
import unicodedata
from collections.abc import Mapping
from typing import Literal

# What separates the parts of a word: O’Brien, Jean-Luc, J.P.
INSIDE_WORDS = re.compile(r"[\W_]+")
# Of a word, so many letters count: one letter can fold into eighteen, and an index holds 2,700 bytes.
WORD_LETTERS = 100
# What unfolds into marks alone, which belong to the letter before them: accents, points of Hebrew and Arabic vowels.
MARKS = "".join(
    letter
    for letter in map(chr, range(0xA0, 0x20000))
    if unicodedata.combining(unicodedata.normalize("NFKD", letter)[0])
)
# Of one letter, so many marks are kept: what Unicode calls stream-safe (UAX #15). To bring n of them into their order
# takes n² steps, and no language has more than a handful.
MARKS_MOST = 30
TOO_MANY_MARKS = re.compile(f"([{MARKS}]{{{MARKS_MOST}}})[{MARKS}]+")
ANY_MARK = frozenset(MARKS)
# A text that unfolds to more than so many times its length, and is no short one, keeps its letters: twenty thousand
# times U+FDFA would be a book. No script that people write in unfolds to more than three.
UNFOLDED_MOST, SHORT = 3, 1_000
DIGITS = {
    number: str(digit)
    for number in range(0xA0, 0x20000)
    if (digit := unicodedata.decimal(chr(number), None)) is not None
}
# Accents, and marks that nobody sees. Other planes than these hold none.
NOT_COUNTED = {
    number: None
    for number in (*range(0xA0, 0x20000), *range(0xE0000, 0xE0200))
    if unicodedata.combining(chr(number)) or unicodedata.category(chr(number)) == "Cf"
} | dict.fromkeys((0x115F, 0x1160))  # letters by name, which fill a place and are not seen


def normalized(text: str, form: Literal["NFC", "NFD", "NFKC", "NFKD"] = "NFC") -> str:
    """`text` in one normal form, in time that grows with its length alone: of marks without end, the first 30 stay.

    For whatever somebody may have sent; nothing else here calls Unicode's own function.
    """
    # More than thirty in a row cannot pass between these letters; to look at all takes a hundred times as long.
    if not ANY_MARK.isdisjoint(text[::MARKS_MOST]):
        text = TOO_MANY_MARKS.sub(r"\1", text)
    return unicodedata.normalize(form, text)


def fold(text: str) -> str:
    """`text` without case and accents, in one normal form: “Ålesund, ÉTÉ” and “alesund, ete” become the same.

    Marks that nobody sees (of direction, of width zero, soft hyphens) do not count either.
    """
    if text.isascii():  # most texts: nothing of all that can be in them
        return text.casefold()
    small = text.casefold()
    parts = normalized(small, "NFKD")
    if len(parts) > max(SHORT, UNFOLDED_MOST * len(small)):
        parts = normalized(small, "NFD")
    return normalized(parts.translate(NOT_COUNTED))


def direction_of(text: str) -> str:
    """Whether it runs "rtl" or "ltr", by the first letter that tells: as dir="auto" has it in a browser."""
    ways = (unicodedata.bidirectional(letter) for letter in text)
    first = next((way for way in ways if way in {"L", "R", "AL"}), "L")
    return "ltr" if first == "L" else "rtl"


def latin_digits(text: str) -> str:
    """`text` with the digits of every script as 0 to 9."""
    return text if text.isascii() else text.translate(DIGITS)


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
