"""Text that people typed: made comparable."""

import unicodedata


def fold(text: str) -> str:
    """`text` without case and accents, in one normal form: “Ålesund, ÉTÉ” and “alesund, ete” become the same.

    Marks that nobody sees (of direction, of width zero, soft hyphens) do not count either.
    """
    parts = unicodedata.normalize("NFKD", text.casefold())
    kept = (
        letter
        for letter in parts
        if not unicodedata.combining(letter) and unicodedata.category(letter) != "Cf"
    )
    return unicodedata.normalize("NFC", "".join(kept))
