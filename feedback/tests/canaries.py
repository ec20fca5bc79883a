"""Looks for what must not be there: a word in every form in which computers write words down."""

import base64
import html
import json
import quopri
from pathlib import Path
from urllib.parse import quote, quote_plus

from django.db import connection


def spellings(word: str) -> set[bytes]:
    """`word` as it may stand in a database, a mail, an address, a page, a dump, a log or a file of Windows."""
    escaped = html.escape(word)
    texts = {
        word,
        quote(word),
        quote(word, safe=""),
        quote(word).lower(),
        quote_plus(word),
        escaped,
        escaped.encode("ascii", "xmlcharrefreplace").decode(),
        word.encode("ascii", "xmlcharrefreplace").decode(),
        json.dumps(word)[1:-1],
        json.dumps(word, ensure_ascii=False)[1:-1],
        repr(word)[1:-1],
        ascii(word)[1:-1],
    }
    found = {text.encode() for text in texts}
    for encoding in ("utf-8", "latin-1", "utf-16-le", "utf-16-be"):
        raw = word.encode(encoding, "replace")
        quoted = quopri.encodestring(raw).replace(b"=\n", b"").strip()
        header = quopri.encodestring(raw, header=True).replace(b"=\n", b"").strip()
        found |= {raw, quoted, header, raw.hex().encode(), raw.hex().upper().encode(), *_in_base64(raw)}
    return found


def _in_base64(raw: bytes) -> set[bytes]:
    """What stays of `raw` in base64, wherever in a longer text it begins."""
    whole = set()
    for before in range(3):
        letters = base64.b64encode(b"\0" * before + raw + b"\0\0\0")
        first, last = -(-8 * before // 6), (8 * (before + len(raw))) // 6
        whole |= {letters[first:last], letters[first:last].translate(bytes.maketrans(b"+/", b"-_"))}
    return whole


def found_in(places: dict[str, bytes], words: list[str]) -> set[tuple[str, str]]:
    """(place, word) for each word that stands in a place, in any spelling, also where lines were broken in it."""
    same: dict[bytes, list[str]] = {}  # a database has many files that are alike: each is read once
    for place, content in places.items():
        same.setdefault(content, []).append(place)
    forms = {word: spellings(word) for word in words}
    by_length = _with_parts(set().union(*forms.values()))
    hits = set()
    for content, names in same.items():
        views = [content] if b"\0" in content else [content, _unbroken(content)]
        there: set[bytes] = set()
        for form, parts in by_length:
            if parts <= there and any(form in view for view in views):
                there.add(form)
        hits |= {(name, word) for word, spelled in forms.items() if spelled & there for name in names}
    return hits


def _with_parts(forms: set[bytes]) -> list[tuple[bytes, set[bytes]]]:
    """The shortest first, each with the others inside it: where one of those is not, it need not be looked for."""
    by_length = sorted(forms, key=len)
    return [(form, {part for part in forms if part != form and part in form}) for form in by_length]


def _unbroken(text: bytes) -> bytes:
    """Without line breaks, as they are and as they are escaped; and backslashes that a dump has doubled."""
    for broken in (b"=\r\n", b"=\n", b"\r\n", b"\\n", b"\n"):
        text = text.replace(broken, b"")
    return text.replace(b"\\\\", b"\\")


def all_tables() -> dict[str, bytes]:
    """Every row of every table, as PostgreSQL writes it into a dump."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT format('%I.%I', schemaname, tablename) FROM pg_tables "
            "WHERE schemaname NOT IN ('pg_catalog', 'information_schema')"
        )
        tables = [name for (name,) in cursor.fetchall()]
        content = {}
        for table in tables:
            cursor.execute(f"SELECT t::text FROM {table} t")  # names from the catalogue
            content[table] = "\n".join(row for (row,) in cursor.fetchall()).encode()
    return content


def all_files(*folders: Path) -> dict[str, bytes]:
    """The bytes of every file below the folders; what is no plain file (a socket) or was just removed is not there."""
    content = {}
    for folder in folders:
        for path in folder.rglob("*"):
            try:
                if path.is_file():
                    content[str(path)] = path.read_bytes()
            except FileNotFoundError:
                continue
    return content


def all_keys(client) -> dict[str, bytes]:
    """Every name and value of a Redis (all its databases share `client`'s server)."""
    content = {}
    for name in client.scan_iter(count=1000):
        kind = client.type(name).decode()
        value = {
            "string": client.get,
            "list": lambda key: b"\n".join(client.lrange(key, 0, -1)),
            "set": lambda key: b"\n".join(client.smembers(key)),
            "hash": lambda key: b"\n".join(part for pair in client.hgetall(key).items() for part in pair),
            "zset": lambda key: b"\n".join(client.zrange(key, 0, -1)),
        }[kind](name)
        content[name.decode(errors="replace")] = name + b"\n" + (value or b"")
    return content
