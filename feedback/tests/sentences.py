"""What somebody reads on a page or in a mail, or hears from a screen reader, sentence by sentence."""

from html.parser import HTMLParser

SPOKEN = {"aria-label", "alt", "title", "placeholder"}
SILENT = {"script", "style"}
VOID = {"input", "meta", "link", "br", "hr", "img", "path"}


class Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.said: set[str] = set()
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = dict(attrs)
        self._say(*(value for name, value in attrs if name in SPOKEN and value))
        if tag not in VOID:
            # A part in another language, such as the name of that language, is right as it is.
            is_foreign = "lang" in named and tag not in {"html", "div", "p"}
            self.open.append("script" if is_foreign else tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID and self.open:
            self.open.pop()

    def handle_data(self, data: str) -> None:
        if not SILENT & set(self.open):
            self._say(data)

    def _say(self, *texts: str) -> None:
        for text in texts:
            words = " ".join(text.split())
            if any(letter.isalpha() for letter in words):
                self.said.add(words)


def sentences_of(html: str) -> set[str]:
    """Every text of a page that has a letter in it."""
    reader = Reader()
    reader.feed(html)
    return reader.said
