"""Translations: text files in locale/ (.po), compiled for gettext (.mo) where nothing has compiled them yet."""

import hashlib
import secrets
import shutil
from pathlib import Path

PLACE = Path("LC_MESSAGES", "django.po")


def compiled(source: Path, into: Path) -> Path:
    """A folder for LOCALE_PATHS with what `source` holds now, made inside `into` if it is not there.

    Its name is made from the texts: whoever changes one gets another folder, and several processes that start at
    once, or two versions of the site side by side, never disturb each other.
    """
    texts = {file.relative_to(source): file.read_bytes() for file in sorted(source.glob(f"*/{PLACE}"))}
    name = hashlib.sha256(repr(texts).encode()).hexdigest()[:16]
    folder = into / name
    if not folder.is_dir():
        draft = into / f"{name}.{secrets.token_hex(4)}"
        draft.mkdir(parents=True)
        for path in texts:
            _compile(source / path, draft / path.with_suffix(".mo"))
        try:
            draft.rename(folder)
        except OSError:
            shutil.rmtree(draft)
            if not folder.is_dir():  # else another process was faster
                raise
    return folder


def _compile(text: Path, into: Path) -> None:
    from babel.messages.mofile import write_mo  # takes as long as all the rest; mostly nothing is to be done
    from babel.messages.pofile import read_po

    into.parent.mkdir(parents=True)
    with text.open("rb") as source, into.open("wb") as target:
        write_mo(target, read_po(source, locale=text.parts[-3]))
