"""Every mail of the site, read as people read it: one family, one voice, the same in plain text and in HTML."""

import re
from html import unescape

import pytest
from django.conf import settings as django_settings

from logbook_site.tests.letters import RIGHT_TO_LEFT, Letter, letters, templates

ADDRESS = re.compile(r"https?://\S+")


@pytest.fixture
def written(db, settings) -> list[Letter]:
    settings.SUPPORT_EMAIL, settings.PRIVACY_POLICY_URL = "help@example.org", "https://example.org/privacy"
    settings.DIGEST_INFO_URL = "https://example.org/digest"
    return letters()


def html_of(letter: Letter) -> str:
    (alternative,) = letter.mail.alternatives
    assert alternative.mimetype == "text/html"
    return alternative.content


def words_of(text: str) -> list[str]:
    return re.findall(r"\w+", re.sub(r"https?://\S+|\S+@\S+", " ", text))


def words_in_html(html: str) -> list[str]:
    body = re.sub(r"<style.*?</style>|<title.*?</title>", "", html, flags=re.S)
    return words_of(unescape(re.sub(r"<[^>]+>", " ", body)))


def test_every_mail_is_here_and_reads_well(written: list[Letter]) -> None:
    assert {letter.template for letter in written} == templates()
    assert len({letter.name for letter in written}) == len(written)
    wrong = [f"{letter.name}: {finding}" for letter in written for finding in findings(letter)]
    assert not wrong, "\n" + "\n".join(wrong)


def findings(letter: Letter) -> list[str]:
    text, html = letter.mail.body, html_of(letter)
    direction = "rtl" if letter.language == "ar" else "ltr"
    checks = {
        "no subject of one line": bool(letter.mail.subject) and "\n" not in letter.mail.subject,
        "a subject too long for a telephone's list": len(letter.mail.subject) <= 90,
        "an empty line too many": "\n\n\n" not in text,
        "a space at the end of a line": not re.search(r"[ \t]\n", text),
        "a line that begins with a space": letter.template.startswith("account/")
        or not re.search(r"\n +\S", text),
        "what a browser calls itself": "Mozilla" not in text,
        "no signature": "\n\n--\n" in text
        and f"{django_settings.SITE_NAME} · {django_settings.OPERATOR_NAME}" in text,
        "words of a template": not re.search(r"{[{%]|%\(|None$", text + html),
        "HTML in the plain text": not re.search(r"</?(p|br|bdi|a)\b|&(amp|#x27|lt|gt);", text),
        "another language or direction": f'<html lang="{letter.language}" dir="{direction}">' in html,
        "an address only in one of both": set(ADDRESS.findall(text)) == addresses_in(html),
        "something to load": not re.search(r"<(img|link|script|iframe)\b|url\(|@import", html),
        "larger than 20 kB": len(html.encode()) <= 20_000,
        "other words in HTML": not words_missing(text, html),
    }
    return [
        f"{what} {words_missing(text, html) if 'words in' in what else ''}"
        for what, is_right in checks.items()
        if not is_right
    ]


def addresses_in(html: str) -> set[str]:
    return {unescape(address) for address in re.findall(r'href="(https?://[^"]+)"', html)}


def words_missing(text: str, html: str) -> set[str]:
    """Words of the plain text that the HTML does not have. A word on a button, or before an address, may differ."""
    return set(words_of(text)) - set(words_in_html(html)) - {"You", "read", "it", "here"}


def test_a_link_is_a_button_and_an_address_to_copy(written: list[Letter]) -> None:
    for letter in written:
        html = html_of(letter)
        for address in re.findall(r'class="button" href="([^"]+)"', html):
            assert f'<bdi dir="ltr">{address}</bdi>' in html, letter.name


def test_a_name_keeps_its_own_direction(written: list[Letter]) -> None:
    """Else a name that is written from right to left would turn the words around it."""
    with_name = [letter for letter in written if RIGHT_TO_LEFT in letter.mail.body]
    assert len(with_name) >= 4
    for letter in with_name:
        body = html_of(letter).partition("</title>")[2]
        assert body.count(RIGHT_TO_LEFT) == body.count(f"<bdi>{RIGHT_TO_LEFT}</bdi>"), letter.name


def test_answers_reach_somebody(written: list[Letter]) -> None:
    for letter in written:
        reply_to = (
            ["greta@example.org"] if letter.template == "accounts/emails/contact" else ["help@example.org"]
        )
        assert letter.mail.reply_to == reply_to, letter.name
