"""Text that people typed: made comparable."""

import unicodedata


def fold(text: str) -> str:
    """`text` without case and accents, in one normal form: “Ålesund, ÉTÉ” and “alesund, ete” become the same."""
    parts = unicodedata.normalize("NFKD", text.casefold())
    return unicodedata.normalize(
        "NFC", "".join(letter for letter in parts if not unicodedata.combining(letter))
    )
