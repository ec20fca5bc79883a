"""What a Reviewer should look at before a digest leaves their hands. It advises and never blocks."""

import re
from collections.abc import Iterable, Iterator

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from feedback.choices import YesNo
from feedback.models import Feedback
from logbook_site.foundation import clock
from logbook_site.foundation.text import fold, normalized

# What registers ask of a digest (SIMI: ten mediations, none older than two years).
ENOUGH_ANSWERS = 10
OLD_AFTER_YEARS = 2
# So many equal words in a row are a quotation, no accident.
QUOTED_WORDS = 6
SHOWN = 5  # examples of each kind

WORD = re.compile(r"\w+")
# Bounded everywhere: a text of 20,000 letters is searched in milliseconds, whatever it holds.
ADDRESS = re.compile(r"[\w.+%-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}")
TELEPHONE = re.compile(r"(?<![\w+])(?:\+|\(\+?)?\d(?:[ \t\u00a0\u202f().\u2010-\u2013/-]{0,3}\d){6,14}(?!\w)")
YEARS = re.compile(r"(?:19|20)\d\d(?:\D+(?:19|20)\d\d)*")
DATE = re.compile(r"\d{1,2}\D\d{1,2}\D(?:19|20)\d\d|(?:19|20)\d\d\D\d{1,2}\D\d{1,2}")


def advice_on(text: str, pieces: Iterable[Feedback], *, gone: int = 0, tells_years: bool = True) -> list[str]:
    """Sentences for the Reviewer; none when there is nothing to look at.

    `gone` is how many pieces were taken back since the digest was begun, or sent for a check of facts.
    """
    pieces = list(pieces)
    return [*_on_gone(gone), *_on_basis(pieces, tells_years), *_on_quotes(text, pieces), *_on_contacts(text)]


def _on_gone(number: int) -> Iterator[str]:
    if number:
        sentence = ngettext(
            "%(number)d answer was taken back since you wrote this. Leave out what came from it alone.",
            "%(number)d answers were taken back since you wrote this. Leave out what came from them alone.",
            number,
        )
        yield sentence % {"number": number}


def _on_basis(pieces: list[Feedback], tells_years: bool) -> Iterator[str]:
    number = len(pieces)
    if not number:
        yield _("There are no answers yet. A digest sums up what parties say.")
    elif number < ENOUGH_ANSWERS:
        sentence = ngettext(
            "There is only %(number)d answer. Ten make a digest that readers trust, and nobody is recognised in it.",
            "There are only %(number)d answers. Ten make a digest that readers trust, and nobody is recognised in it.",
            number,
        )
        yield sentence % {"number": number}
    newest = max((piece.year for piece in pieces), default=None)
    if tells_years and newest and newest < clock.today().year - OLD_AFTER_YEARS:
        yield _("The newest answers are from %(year)d. Readers expect some of the last two years.") % {
            "year": newest
        }


def _on_quotes(text: str, pieces: list[Feedback]) -> Iterator[str]:
    for words in quoted_without_leave(text, pieces)[:SHOWN]:
        yield _("“%(words)s” is taken from an answer that may not be quoted. Say it in your own words.") % {
            "words": words
        }


def quoted_without_leave(text: str, pieces: Iterable[Feedback]) -> list[str]:
    """Runs of words that stand in an answer as well, where the party did not allow these words to be quoted."""
    runs = list(_runs(text))
    wanted, closed, allowed = set(runs), set(), set()
    for piece in pieces:
        may_quote = piece.may_quote == YesNo.YES
        for answer in (piece.helpful, piece.better, "" if may_quote else piece.quote):
            closed |= wanted.intersection(_runs(answer))
        allowed |= wanted.intersection(_runs(piece.quote if may_quote else ""))
    text = normalized(text)
    places = [match.span() for match in WORD.finditer(text)]
    found: list[list[int]] = []
    for position, run in enumerate(runs):
        if run not in closed or run in allowed:
            continue
        end = position + QUOTED_WORDS
        if found and position <= found[-1][1]:
            found[-1][1] = end
        else:
            found.append([position, end])
    return [" ".join(text[places[first][0] : places[last - 1][1]].split()) for first, last in found]


def _runs(text: str) -> Iterator[tuple[str, ...]]:
    """Every run of QUOTED_WORDS words, without case and accents. One after the other: all of a text take 25 times
    its memory."""
    words = fold("\n".join(WORD.findall(normalized(text)))).split("\n")
    return zip(*(words[start:] for start in range(QUOTED_WORDS)), strict=False)


def _on_contacts(text: str) -> Iterator[str]:
    for address in _different(ADDRESS.findall(text)):
        yield _("“%(address)s” looks like an e-mail address.") % {"address": address}
    for number in _different(telephone_numbers(text)):
        yield _("“%(number)s” looks like a telephone number.") % {"number": number}


def telephone_numbers(text: str) -> list[str]:
    """Seven digits or more that are neither years nor a date."""
    found = (match.group() for match in TELEPHONE.finditer(text))
    return [number for number in found if not YEARS.fullmatch(number) and not DATE.fullmatch(number)]


def _different(found: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(found))[:SHOWN]
