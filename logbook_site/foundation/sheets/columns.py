"""Which row holds the headings, which column is what, which value means which choice: guesses by known words."""

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from logbook_site.foundation.sheets.sheet import Cell, Row, in_text
from logbook_site.foundation.text import fold

# A field (or a choice), and the headings (or values) by which it is known.
Words = Mapping[str, Sequence[str]]

HEADINGS_WITHIN = 30  # rows: a letterhead, an address, what the list is for
HEADING_LETTERS = 80  # a longer text is no heading
WORD = re.compile(r"[^\W_]+")
# Units and small words: they say nothing about which column it is.
SMALL = frozenset(
    (  # noqa: SIM905  a list of words reads better as words
        "a an and au aux das de dem den der des die du e el en et for fur h hr hrs i im in la las le les los nr "
        "number of on or oder ou o the to total totals und y your dd mm yyyy tt jjjj aaaa jj"
    ).split()
)
NEGATIONS = frozenset(
    (  # noqa: SIM905
        "not no non pas aucun sans sin sem nao nicht kein keine ohne لا لم بدون"
    ).split()
)
SAME_WORDS = 85  # of `likeness`: from here on nothing else stands there
SURE = 5  # below that, so much better than the second must be the best
PART_OF_WORD = 5  # letters: „Dauer“ is part of „Mediationsdauer“, „art“ of nothing


def guess_heading_row(rows: Sequence[Row], words: Words) -> int | None:
    """The index of the row that holds the headings, among the first of `rows`; None if none looks like it.

    It is the row in which most fields are known, at least two, and whose other cells are texts, too.
    """
    best, most = None, 1
    for index, row in enumerate(rows[:HEADINGS_WITHIN]):
        filled = [cell for cell in row if cell is not None]
        texts = [cell for cell in filled if isinstance(cell, str) and len(cell) <= HEADING_LETTERS]
        if len(texts) * 4 < len(filled) * 3 or any(re.search(r"\d{3}|\d[/.]\d", cell) for cell in texts):
            continue
        known = len(guess_columns([in_text(cell) for cell in row], [], words))
        if known > most:
            best, most = index, known
    return best


def guess_columns(headings: Sequence[str], samples: Sequence[Sequence[Cell]], words: Words) -> dict[int, str]:
    """Column index → field, each field once at most; columns that nobody knows are left out.

    `samples` holds some cells of each column, for the case that two columns have the same heading (the one with more
    in it is meant); it may be empty.
    """
    scores = []
    for column, heading in enumerate(headings):
        filled = sum(cell is not None for cell in samples[column]) if column < len(samples) else 0
        for field, known in words.items():
            if score := max((likeness(heading, word) for word in known), default=0):
                scores.append((score, filled, -column, field))
    found: dict[int, str] = {}
    for _score, _filled, minus_column, field in sorted(scores, reverse=True):
        if -minus_column not in found and field not in found.values():
            found[-minus_column] = field
    return dict(sorted(found.items()))


def guess_value(text: str, words: Words) -> str | None:
    """The choice that `text` means; None if no known value is like it, or two are."""
    scores = sorted(
        (
            (max((likeness(text, word) for word in known), default=0), choice)
            for choice, known in words.items()
        ),
        reverse=True,
    )
    if not scores or not scores[0][0]:
        return None
    (best, choice), second = scores[0], scores[1][0] if len(scores) > 1 else 0
    return choice if best - second > (SURE if best < SAME_WORDS else 0) else None


def as_key(text: str) -> str:
    """What two cells that mean the same choice have in common."""
    return fold(text[:HEADING_LETTERS])


def likeness(text: str, known: str) -> float:
    """How surely `text` means what is `known`, from 0 to 100: the same, the same words, all its words, a part of one.

    Case, accents, order of the words, what is in brackets and small words do not count; more words that are the same
    count more than fewer. “Not settled” is not like “Settled”.
    """
    theirs, ours = _taken_apart(text[:HEADING_LETTERS]), _taken_apart(known)
    if theirs.folded == ours.folded:
        return 100 if ours.folded else 0
    if ours.joined == theirs.joined or ours.joined == theirs.joined_outside:
        return SAME_WORDS if ours.joined else 0
    if ours.words.isdisjoint(theirs.words):
        return _likeness_of_parts(theirs, ours)
    if ours.words == theirs.words:
        return 95  # “Hours (preparation)” is not what “Hours (total)” is
    if ours.words == theirs.outside:
        return 90
    if ours.words == theirs.outside - SMALL:
        return SAME_WORDS
    if len(ours.folded) < 3 or (NEGATIONS & theirs.words and not NEGATIONS & ours.words):
        return 0  # letters such as M and x are whole answers only
    if ours.words <= theirs.outside:
        begins = theirs.joined.startswith(ours.joined)
        return 50 + 20 * len(ours.words) / len(theirs.outside) + len(known) / 50 + 2 * begins
    return 40 if ours.words <= theirs.words else 0


def _likeness_of_parts(theirs: "_Words", ours: "_Words") -> float:
    if len(ours.words) > 1 or len(ours.joined) < PART_OF_WORD:
        return 0
    within = [word for word in theirs.outside if ours.joined in word]
    if not within:
        return 0
    # In German the last part says what it is: „Mediationsdauer“ is a „Dauer“.
    last = any(word.endswith(ours.joined) for word in within)
    return max(1, 20 + len(ours.joined) / 2 - len(theirs.outside) + 10 * last)


class _Words(NamedTuple):
    """A folded text; its words without those in brackets (if there are others), and all of them; both as one word."""

    folded: str
    outside: frozenset[str]
    words: frozenset[str]
    joined_outside: str
    joined: str


@lru_cache(maxsize=20_000)
def _taken_apart(text: str) -> _Words:
    text = fold(text).strip(" .:*#")
    words = word_list(text)
    outside = word_list(re.sub(r"[(\[{].*?(?:[)\]}]|$)", " ", text)) or words
    return _Words(text, frozenset(outside), frozenset(words), "".join(outside), "".join(words))


def word_list(text: str) -> list[str]:
    """The words of a folded text; Arabic ones without their article."""
    return [word[2:] if word.startswith("ال") and len(word) > 4 else word for word in WORD.findall(text)]
