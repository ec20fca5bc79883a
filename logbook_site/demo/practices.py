"""What the demo mediators work on: how their career went, and the matters, places and people they met. Invented."""

from datetime import date
from typing import NamedTuple

from logbook.choices import EntryRole, Medium

KENYAN_PLACES = (
    "Westlands", "Kilimani", "Upper Hill", "Lavington", "Ngong Road", "Thika Road", "Mombasa Road", "Kitengela",
    "Ruiru", "Naivasha", "Nakuru", "Machakos", "Industrial Area", "Kiambu Road",
)  # fmt: skip
NEW_ZEALAND_PLACES = (
    "Waikato", "Southland", "Taranaki", "Otago", "Hawke's Bay", "Manawatū", "Northland", "Canterbury",
    "Wairarapa", "Bay of Plenty", "West Coast",
)  # fmt: skip


class Subject(NamedTuple):
    """A field of work: how often it comes, its matters, and what tells two of the same matter apart."""

    weight: int
    matters: tuple[str, ...]
    details: tuple[str, ...]


class Shares(NamedTuple):
    """How likely each medium is."""

    face_to_face: float
    online: float
    hybrid: float


class Practice(NamedTuple):
    """`career` has one row a year, from the first: how many entries in each role, in the order of `ROLES`."""

    seed: int
    career: tuple[tuple[int, ...], ...]
    role_plays: tuple[dict[EntryRole, float], ...]  # their share in the first years; one leads those first
    subjects: dict[str, Subject]
    home: str
    neighbours: dict[str, int]  # country: weight
    languages: dict[str, dict[str, int]]  # country: language: weight
    places: dict[str, tuple[str, ...]]
    providers: tuple[str, ...]
    trainers: tuple[str, ...]


ROLES = (
    EntryRole.OBSERVER, EntryRole.ASSISTANT, EntryRole.CO, EntryRole.LEAD, EntryRole.ADVOCATE, EntryRole.OTHER,
)  # fmt: skip

WORKPLACES = (
    "hotel kitchen", "clinic", "warehouse", "school", "call centre", "tea factory", "bus company", "bakery",
    "courier firm", "newspaper", "hospital ward", "bank branch", "flower farm", "charity", "laundry", "garage",
    "library", "print shop", "airport desk", "software firm",
)  # fmt: skip
BUILDINGS = (
    "three-storey house", "school kitchen", "market hall", "row of shops", "office tower", "guest house",
    "block of flats", "health centre", "warehouse", "church hall", "petrol station", "student rooms",
    "cold store", "dentist's practice", "sports hall", "family house",
)  # fmt: skip
FARMS = (
    "dairy", "sheep", "orchard", "vineyard", "hill country", "kiwifruit", "deer", "beef", "market garden", "beekeeping",
    "nursery", "arable",
)  # fmt: skip
HOUSEHOLDS = (
    "three sisters", "two households", "grandparents", "second marriage", "four children", "two branches",
    "large family", "cousins", "small town",
)  # fmt: skip

AMINA = Practice(
    seed=2017,
    career=(
        (5, 4, 2, 3, 0, 0),
        (4, 7, 6, 4, 0, 1),
        (2, 6, 15, 7, 1, 1),
        (1, 2, 17, 15, 2, 1),
        (0, 1, 13, 28, 3, 1),
        (0, 0, 10, 38, 5, 1),
        (0, 0, 9, 44, 6, 1),
        (0, 0, 8, 50, 7, 1),
        (0, 0, 7, 53, 7, 1),
    ),
    role_plays=(
        {EntryRole.LEAD: 1, EntryRole.CO: 0.7, EntryRole.ASSISTANT: 0.3},
        {EntryRole.LEAD: 1, EntryRole.CO: 0.3, EntryRole.ASSISTANT: 0.2},
        {EntryRole.CO: 0.1},
    ),
    subjects={
        "Workplace": Subject(
            34,
            (
                "shift plan", "two supervisors", "desk move", "holiday list", "tone in meetings", "unclear tasks",
                "shared vehicle", "new software", "return after illness", "missed promotion", "e-mail at night",
                "two teams become one", "credit for a report", "noise in the office", "missing tools",
                "prayer break", "uniforms", "a warning letter", "training budget",
            ),
            WORKPLACES,
        ),
        "Dismissal": Subject(
            9,
            (
                "notice period", "terms of leaving", "end of probation", "reference letter", "contract not renewed",
                "closed department",
            ),
            WORKPLACES,
        ),
        "Pay and hours": Subject(
            10,
            ("unpaid overtime", "bonus", "commission", "wage scale", "travel money", "night work", "tips"),
            WORKPLACES,
        ),
        "Building defects": Subject(
            19,
            (
                "roof leak", "cracked wall", "damp cellar", "uneven floor", "window seals", "lift that stops",
                "blocked drain", "balcony rail", "peeling paint", "faulty wiring", "septic tank", "loose tiles",
                "water pump", "weak concrete",
            ),
            BUILDINGS,
        ),
        "Building payments": Subject(
            15,
            (
                "final account", "late payment", "retained money", "extra works", "price of steel", "architect's fee",
                "unpaid subcontractor", "deposit", "missing invoices",
            ),
            BUILDINGS,
        ),
        "Building delays": Subject(
            8,
            (
                "late handover", "access road", "late permit", "shared crane", "change of design", "stopped works",
                "late doors",
            ),
            BUILDINGS,
        ),
        "Neighbours": Subject(
            5,
            (
                "shared wall", "noise at night", "borehole", "parking yard", "tree roots", "service charge",
                "dust from the site",
            ),
            BUILDINGS,
        ),
    },
    home="KE",
    neighbours={"TZ": 7, "UG": 7, "RW": 4, "ET": 2},
    languages={
        "KE": {"en": 60, "sw": 40},
        "TZ": {"sw": 70, "en": 30},
        "UG": {"en": 90, "sw": 10},
        "RW": {"fr": 60, "en": 40},
        "ET": {"en": 100},
    },
    places={"KE": KENYAN_PLACES},
    providers=(
        "Court-annexed programme", "Builders' association panel", "County mediation desk", "University staff office",
        "Employers' mediation list", "Chamber of commerce", "Lawyers' referral list",
    ),
    trainers=("Mediation training centre", "Evening school of mediation", "Practice group, Nairobi"),
)  # fmt: skip

BEN = Practice(
    seed=2021,
    career=(
        (1, 1, 3, 2, 0, 0),
        (0, 0, 4, 6, 0, 0),
        (0, 0, 3, 9, 0, 0),
        (0, 0, 3, 12, 0, 0),
        (0, 0, 2, 14, 0, 0),
    ),
    role_plays=({EntryRole.CO: 0.6, EntryRole.ASSISTANT: 1},),
    subjects={
        "Farm succession": Subject(
            55,
            (
                "who runs the farm", "herd and home", "retirement house", "shares for three", "lease of the hill block",
                "machinery", "wages never paid", "sell or stay", "loan between generations", "water rights",
                "partners of the children", "timing of the handover",
            ),
            FARMS,
        ),
        "Inheritance": Subject(
            22,
            (
                "late change of a will", "family trust", "contents of the house", "family firm", "beach house",
                "savings of an aunt",
            ),
            HOUSEHOLDS,
        ),
        "Family": Subject(
            23,
            (
                "care of a parent", "holidays with the children", "house after separation", "move to another town",
                "school fees", "shared boat",
            ),
            HOUSEHOLDS,
        ),
    },
    home="NZ",
    neighbours={"AU": 1},
    languages={"NZ": {"en": 96, "mi": 4}, "AU": {"en": 100}},
    places={"NZ": NEW_ZEALAND_PLACES},
    providers=("Farm debt mediation scheme", "Community law centre", "Family mediation service", "Rural trust"),
    trainers=("Mediation summer school",),
)  # fmt: skip


def shares_on(day: date) -> Shares:
    """Few met online before 2020; then nearly all did, for a while; since then both ways are usual."""
    if day < date(2020, 3, 20):
        return Shares(0.96, 0.04, 0)
    if day < date(2021, 7, 1):
        return Shares(0.16, 0.78, 0.06)
    years = (day - date(2021, 7, 1)).days / 365
    online, hybrid = min(0.30 + 0.03 * years, 0.45), min(0.08 + 0.02 * years, 0.18)
    return Shares(1 - online - hybrid, online, hybrid)


MEDIA = (Medium.FACE_TO_FACE, Medium.ONLINE, Medium.HYBRID)
