"""Who looks for words that must not be there must be able to find them."""

import base64
import html
import json
import quopri
from email.header import Header
from email.mime.text import MIMEText
from urllib.parse import quote, quote_plus

import pytest
import redis
from django.conf import settings
from django.db import connection

from feedback.tests.canaries import all_files, all_keys, all_tables, found_in, spellings

WORD = "Zélie Kanarie & Söhne"
SENTENCE = f"Guten Tag, {WORD}: es geht um <die> Erbschaft"
WRITTEN = {
    "utf-8": SENTENCE.encode(),
    "latin-1": SENTENCE.encode("latin-1"),
    "utf-16": SENTENCE.encode("utf-16"),
    "base64": base64.b64encode(SENTENCE.encode()),
    "base64, one further": base64.b64encode(b"x" + SENTENCE.encode()),
    "base64, two further": base64.b64encode(b"xx" + SENTENCE.encode()),
    "base64url": base64.urlsafe_b64encode(SENTENCE.encode()),
    "base64 in lines": base64.encodebytes(b"x" * 50 + SENTENCE.encode()),
    "quoted-printable": quopri.encodestring(SENTENCE.encode()),
    "quoted-printable in lines": quopri.encodestring(b"x" * 65 + SENTENCE.encode()),
    "quoted-printable of latin-1": quopri.encodestring(SENTENCE.encode("latin-1")),
    "an address": quote(SENTENCE).encode(),
    "a form": quote_plus(SENTENCE).encode(),
    "a page": html.escape(SENTENCE).encode(),
    "a page in ascii": html.escape(SENTENCE).encode("ascii", "xmlcharrefreplace"),
    "json": json.dumps({"name": SENTENCE}).encode(),
    "json in a column of a dump": json.dumps({"name": SENTENCE}).replace("\\", "\\\\").encode(),
    "json with letters": json.dumps({"name": SENTENCE}, ensure_ascii=False).encode(),
    "python": ascii(SENTENCE).encode(),
    "bytes of a dump": SENTENCE.encode().hex().encode(),
    "a mail": MIMEText(SENTENCE, "plain", "utf-8").as_bytes(),
    "a header": Header(WORD, "utf-8").encode().encode(),
}


@pytest.mark.parametrize("form", WRITTEN)
def test_a_word_is_found_however_it_is_written(form: str):
    assert found_in({form: WRITTEN[form]}, [WORD, "Ada Nirgendwo"]) == {(form, WORD)}


def test_an_address_is_found_in_all_of_them_too():
    address = "zelie.kanarie@example.org"
    for text in (address, f"to {address}", f"<{address}>"):
        assert found_in({"": base64.b64encode(text.encode())}, [address])
        assert found_in({"": quote(text).encode()}, [address])


@pytest.mark.django_db
def test_every_table_is_read():
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE kept (word text, bytes bytea, told jsonb)")
        cursor.execute("INSERT INTO kept VALUES (%s, NULL, NULL)", [WORD])
        assert found_in(all_tables(), [WORD]) == {("public.kept", WORD)}
        cursor.execute("UPDATE kept SET word = NULL, bytes = %s", [WORD.encode()])
        assert found_in(all_tables(), [WORD]) == {("public.kept", WORD)}
        cursor.execute("UPDATE kept SET bytes = NULL, told = %s", [json.dumps({"name": WORD})])
        assert found_in(all_tables(), [WORD]) == {("public.kept", WORD)}
        cursor.execute("UPDATE kept SET told = NULL")
        assert found_in(all_tables(), [WORD]) == set()


def test_every_file_and_every_key_is_read(tmp_path):
    (tmp_path / "below").mkdir()
    (tmp_path / "below" / "log").write_text(f"to {WORD}")
    assert found_in(all_files(tmp_path), [WORD]) == {(str(tmp_path / "below" / "log"), WORD)}
    with redis.Redis.from_url(settings.REDIS_URL) as client:
        client.rpush("test:list", json.dumps(WORD))
        client.hset("test:hash", "name", WORD)
        client.sadd("test:set", WORD)
        client.zadd("test:zset", {WORD: 1})
        client.set("test:string", WORD)
        names = {"test:list", "test:hash", "test:set", "test:zset", "test:string"}
        assert {place for place, _word in found_in(all_keys(client), [WORD])} == names
        client.delete(*names)


def test_a_word_inside_a_longer_one_is_found_as_both_and_alone() -> None:
    short, longer = "Kanarie", "Zélie Kanarie & Söhne"
    for form in spellings(longer) - spellings(short):
        assert ("place", longer) in found_in({"place": b"a" + form + b"z"}, [short, longer]), form
    alone = {"both": longer.encode(), "short": short.encode(), "neither": "Zélie".encode()}
    assert found_in(alone, [short, longer]) == {("both", short), ("both", longer), ("short", short)}
