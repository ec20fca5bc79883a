"""The professional development of the demo: nine years of Amina's, a little of Ben's. Invented."""

import random
import struct
import zlib
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import NamedTuple

from accounts.models import User
from cpd.choices import CpdKind
from cpd.evidence import store
from cpd.models import CpdEntry
from cpd.services import save_entries
from logbook_site.foundation import clock
from logbook_site.foundation.documents import Document

A_YEAR = 365.25  # days
QUARTERS = {  # hours of each kind, in quarters: the least and the most
    CpdKind.TRAINING: (24, 160),
    CpdKind.PRESENTATION: (4, 16),
    CpdKind.WORKSHOP: (8, 28),
    CpdKind.CONFERENCE: (24, 64),
    CpdKind.PUBLICATION: (16, 60),
    CpdKind.SUPERVISION: (6, 10),
    CpdKind.SELF_STUDY: (4, 20),
    CpdKind.OTHER: (4, 12),
}
WITH_TAKEAWAYS = 0.6
WITH_EVIDENCE = 5  # the newest courses and workshops


class Offer(NamedTuple):
    """Something one could take part in; points where its provider gives them."""

    kind: CpdKind
    title: str
    provider: str
    points: tuple[str, ...] = ()
    country: str = ""


OFFERS = [
    Offer(CpdKind.TRAINING, "Online mediation, advanced course", "Lakeside Academy", ("12", "18")),
    Offer(CpdKind.TRAINING, "Mediating between teams", "Rift Valley Training", (), "KE"),
    Offer(CpdKind.TRAINING, "Numbers at the table: reading a balance sheet", "Lakeside Academy", ("6",)),
    Offer(CpdKind.TRAINING, "Working with interpreters", "Harbour Institute", ("4.5",)),
    Offer(CpdKind.WORKSHOP, "Silence, and what to do with it", "Circle of Mediators", (), "KE"),
    Offer(CpdKind.WORKSHOP, "Opening words that open", "Circle of Mediators", ("2.5",), "KE"),
    Offer(CpdKind.WORKSHOP, "Apologies that hold", "Harbour Institute", ("3",), "GB"),
    Offer(CpdKind.WORKSHOP, "Drawing the dispute on one page", "Rift Valley Training"),
    Offer(
        CpdKind.CONFERENCE, "East African Mediation Days", "East African Mediation Days", ("10", "12"), "TZ"
    ),
    Offer(CpdKind.CONFERENCE, "Building disputes: yearly meeting", "Guild of Builders", ("5",), "KE"),
    Offer(CpdKind.CONFERENCE, "Mediation and new technology", "Harbour Institute", ("7.5",), "NL"),
    Offer(CpdKind.SUPERVISION, "Peer group, four mediators", ""),
    Offer(CpdKind.SUPERVISION, "Case consultation with a senior mediator", ""),
    Offer(CpdKind.SUPERVISION, "Watching a recording of myself, with a colleague", ""),
    Offer(
        CpdKind.PRESENTATION, "Talk for site managers: when to call a mediator", "Guild of Builders", (), "KE"
    ),
    Offer(CpdKind.PRESENTATION, "Guest lecture: roles in a mediation", "Coast University", ("2",), "KE"),
    Offer(CpdKind.PUBLICATION, "Article: three ways to end a stuck afternoon", "The Mediator’s Notebook"),
    Offer(CpdKind.SELF_STUDY, "Reading: how groups decide", ""),
    Offer(CpdKind.SELF_STUDY, "Reading: questions that do not push", ""),
    Offer(CpdKind.SELF_STUDY, "Film seminar: negotiation in old films", "Coast University"),
    Offer(CpdKind.OTHER, "Assessor at a student competition", "Coast University", (), "KE"),
]
TAKEAWAYS = [
    "Ask what would make the next hour useful, and write the answer where everybody sees it.",
    "I talk too early. Counting to ten is longer than I thought, and it works.",
    "A drawing on one page shows at once who was never asked.",
    "Before an online session: a private channel for each side, tested the day before.",
    "An apology needs the sentence that says what will be different.",
    "The interpreter is part of the room. Brief them first, thank them last.",
    "Half of the numbers on a balance sheet are guesses. Ask who guessed.",
    "In the peer group I heard how often I sum up. Let the parties do it.",
    "When nothing moves, change the place, the order or the person who speaks first.",
    "Open with what is not decided here. It calms people more than a list of rules.",
    "I want to watch more and note less. One word for each turn is enough.",
    "Fairness is felt in small things: the same chair, the same water, the same minutes.",
    "What I took for anger was fear of the next meeting. Ask about the next meeting.",
    "End ten minutes early. The last ten minutes decide what people tell at home.",
    "Write agreements with the verbs first. Who does what, by when.",
    "Two short sessions beat a long one for people who work shifts.",
]


def fill_cpd(people: dict[str, User]) -> None:
    """Amina has sixty entries over nine years, Ben eight. Chloé's list stays empty."""
    for name, number, years in (("amina", 60, 9), ("ben", 8, 4)):
        owner = people[name]
        save_entries(entries=cpd_of(owner, number, years, today=clock.today()), by=owner)


def cpd_of(owner: User, number: int, years: int, *, today: date) -> list[CpdEntry]:
    """New entries from the oldest to one of the last weeks. All but their ids and files depend on the day only."""
    chance = random.Random(years)
    days = sorted(chance.sample(range(3, round(A_YEAR * years)), number), reverse=True)
    takeaways, offers = _in_turn(TAKEAWAYS, chance), _in_turn(OFFERS, chance)
    entries = [
        _entry(owner, next(offers), today - timedelta(days=day), chance, next(takeaways)) for day in days
    ]
    courses = [entry for entry in entries if entry.kind in {CpdKind.TRAINING, CpdKind.WORKSHOP}]
    for place, entry in enumerate(courses[-WITH_EVIDENCE:] if years > 5 else []):
        entry.evidence_file = store(Document(a_page(), "pdf") if place % 2 else Document(a_sheet(), "png"))
    return entries


def _in_turn(choices: list, chance: random.Random):
    """All of them in some order, then all of them in another."""
    while True:
        yield from chance.sample(choices, len(choices))


def _entry(owner: User, offer: Offer, day: date, chance: random.Random, takeaway: str) -> CpdEntry:
    least, most = QUARTERS[offer.kind]
    points = Decimal(chance.choice(offer.points)) if offer.points and chance.random() < 0.8 else None
    without_hours = points is not None and chance.random() < 0.25
    entry = CpdEntry(
        owner=owner,
        completed_on=day,
        kind=offer.kind,
        title=offer.title,
        provider=offer.provider,
        country=offer.country,
        minutes=None if without_hours else 15 * chance.randrange(least, most, 2),
        points=points,
        created_at=datetime.combine(day, time(19, chance.randrange(60)), UTC),
    )
    if chance.random() < WITH_TAKEAWAYS:
        entry.takeaways = takeaway
    return entry


# --- Small files: a certificate of nobody ------------------------------------------------------------


def a_page() -> bytes:
    """A PDF of one page with one line."""
    text = b"BT /F1 18 Tf 72 720 Td (Certificate of attendance. Invented for the demo.) Tj ET"
    font = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
        b"<</Length %d>>stream\n%b\nendstream" % (len(text), text),
        font,
    ]
    file, places = b"%PDF-1.4\n", []
    for number, each in enumerate(objects, start=1):
        places.append(len(file))
        file += b"%d 0 obj%b endobj\n" % (number, each)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    head = b"xref\n0 %d\n0000000000 65535 f \n%b" % (len(objects) + 1, table)
    return (
        file
        + head
        + b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, len(file))
    )


def a_sheet(width: int = 210, height: int = 297) -> bytes:
    """A PNG: a sheet of paper with a frame."""

    def row(number: int) -> bytes:
        inside = 12 < number < height - 12
        return b"\0" + bytes(90 if not inside or place in (12, width - 13) else 250 for place in range(width))

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    pixels = zlib.compress(b"".join(map(row, range(height))))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")
