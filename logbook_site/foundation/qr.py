"""QR codes as pictures in a page: one path of dark squares, drawn by a template on a white ground."""

from typing import NamedTuple

import segno

QUIET = 4  # modules of white around a code: readers need them


class QrCode(NamedTuple):
    side: int  # of the whole picture, in modules
    path: str  # what an svg's <path d=…> takes


def qr_code(text: str) -> QrCode:
    """`text` as a QR code that is still read when a seventh of it is dirty (level M)."""
    code = segno.make(text, error="m", micro=False, boost_error=False)
    rows = list(code.matrix)
    runs = [run for y, row in enumerate(rows) for run in _runs(row, y + QUIET)]
    return QrCode(len(rows) + 2 * QUIET, "".join(runs))


def _runs(row: bytearray, y: int) -> list[str]:
    """Dark modules that stand side by side are one flat rectangle."""
    runs, start = [], None
    for x, dark in enumerate([*row, 0]):
        if dark and start is None:
            start = x
        elif not dark and start is not None:
            runs.append(f"M{start + QUIET} {y}h{x - start}v1h-{x - start}z")
            start = None
    return runs
