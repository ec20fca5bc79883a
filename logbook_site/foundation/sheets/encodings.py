"""Bytes of a text file become text, in whichever encoding somebody's program wrote them."""

import codecs

from charset_normalizer import from_bytes
from django.utils.translation import gettext as _

from logbook_site.foundation.sheets.sheet import CannotRead

MARKS = [
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
]
# What spreadsheet programs write when it is not Unicode. More would only add wrong guesses: nearly any bytes are text
# in nearly any of them. Whoever uses another saves as XLSX; the sentence on a strange text says so.
OLD = ["cp1252", "mac_roman", "cp1256", "cp1251", "shift_jis", "gb18030"]
LOOKED_AT = 65_536
# Letters of Western Europe beyond ASCII. Text of an old Mac read as Windows', and the other way round, has others.
WESTERN = frozenset("àâäáãåæçèéêëìíîïñòóôöõøœùúûüýÿßÀÂÄÁÃÅÆÇÈÉÊËÌÍÎÏÑÒÓÔÖÕØŒÙÚÛÜÝ")


def decoded(data: bytes) -> str:
    """The text in `data`. Raises CannotRead."""
    for mark, encoding in MARKS:
        if data.startswith(mark):
            return _decoded(data, encoding)
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        text = None
    if text is not None and text.count("\0") * 10 < len(text):
        return text
    if encoding := _utf_16_without_mark(data):
        return _decoded(data, encoding)
    return _decoded(data, _old_encoding(data))


def _decoded(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise CannotRead(
            _(
                "The letters in this file cannot be read. Open it in your spreadsheet program, save it as XLSX or "
                "as “CSV UTF-8”, and choose it again."
            )
        ) from error


def _utf_16_without_mark(data: bytes) -> str:
    """Delimiters, digits and ends of lines have a zero beside them, always on the same side, in any script."""
    pairs = data[: LOOKED_AT // 2 * 2]
    before, after = pairs[0::2].count(0), pairs[1::2].count(0)
    if max(before, after) * 20 < len(pairs):
        return ""
    return "utf-16-le" if after > before else "utf-16-be"


def _old_encoding(data: bytes) -> str:
    sample = _where_it_matters(data)
    best = from_bytes(sample, cp_isolation=OLD).best()
    guess = best.encoding if best else OLD[0]
    if guess in {"cp1252", "mac_roman"}:  # too alike in short texts for a guess by frequency
        guess = max(
            ("cp1252", "mac_roman"), key=lambda encoding: _western(sample.decode(encoding, "replace"))
        )
    # Both leave a few bytes without a letter.
    return guess if _decodes(data, guess) else "mac_roman" if guess == "cp1252" else "latin-1"


def _where_it_matters(data: bytes) -> bytes:
    """The beginning of `data`, and its lines with letters beyond ASCII, wherever they are."""
    lines = [line for line in data.splitlines(keepends=True) if not line.isascii()]
    return (data[:2000] + b"\n" + b"".join(lines))[:LOOKED_AT]


def _western(text: str) -> int:
    """How many letters look right: of the West, and no capital after a small letter."""
    score = 0
    for before, letter in zip(" " + text, text, strict=False):
        if letter.isalpha() and not letter.isascii():
            score += 1 if letter in WESTERN and not (letter.isupper() and before.islower()) else -1
    return score


def _decodes(data: bytes, encoding: str) -> bool:
    try:
        data.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True
