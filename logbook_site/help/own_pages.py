"""Addresses of this site that may be named in a message or a link: never one that opens something."""

import re

# What follows these is a token, a code or a signed address.
BEFORE_TOKENS = re.compile(r"(/(?:give-feedback|stop|invitation)/)\S*", re.IGNORECASE)


def without_token(text: str) -> str:
    """`text` with every address in it cut before its token."""
    return BEFORE_TOKENS.sub(r"\1", text)


def own_page(path: str) -> str:
    """The path of a page of this site as it may be told, without query and token; "" for anything else."""
    path = re.split(r"[?#]", path, maxsplit=1)[0]
    is_own = path.startswith("/") and not path.startswith("//") and path.isprintable() and "\\" not in path
    return without_token(path) if is_own else ""
