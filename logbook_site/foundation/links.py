"""Addresses of web pages: which of them mean the same page."""

from urllib.parse import urlsplit

# Longer than any address that the site keeps; an index holds 2,700 bytes.
KEY_LETTERS = 350


def link_key(address: str) -> str:
    """One form for all ways to write the address of a page; "" if it has no host.

    `HTTP://www.Example.org/ann/#top` and `example.org/ann` both give `//example.org/ann`. No word of a name
    begins with a slash, so keys and words can stand in one table.
    """
    address = address.strip()
    try:
        parts = urlsplit(address if "//" in address else f"//{address}")
    except ValueError:  # "//[": nobody can read it
        return ""
    host = parts.netloc.casefold().removeprefix("www.")
    query = f"?{parts.query}" if parts.query else ""
    return f"//{host}{parts.path.rstrip('/').casefold()}{query}"[:KEY_LETTERS] if host else ""


def is_link(typed: str) -> bool:
    """Whether somebody who may type a name or an address typed an address."""
    return "/" in typed
