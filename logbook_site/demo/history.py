"""The logbooks of the demo: nine years of Amina's, five of Ben's. Invented, and the same all day long."""

import random
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta

from accounts.models import User
from logbook.choices import EntryRole, FullScale, Medium, Outcome, Paid, Setting
from logbook.models import LogbookEntry
from logbook.services import save_entries
from logbook_site.demo.practices import AMINA, BEN, MEDIA, ROLES, Practice, shares_on
from logbook_site.demo.reflections import THEMES, Theme
from logbook_site.foundation import clock

A_YEAR = 365.25  # days
QUARTER = 15  # minutes: nobody in the demo counts finer
FRIDAY, SATURDAY = 4, 5
BANK_HOLIDAYS = {(12, 25), (12, 26), (1, 1), (1, 2)}  # month, day
GUIDING = {EntryRole.LEAD, EntryRole.CO}
LEARNING = {EntryRole.OBSERVER, EntryRole.ASSISTANT}
# The share of entries that only have what the form asks first: the mediator was in a hurry.
IN_A_HURRY = 0.06
WITH_REFLECTION = 0.35
TEXTS = ("did_well", "challenges", "learnings")


def fill_logbooks(people: dict[str, User]) -> None:
    """Amina and Ben get their logbooks. Chloé's stays empty: she shows how a new one looks."""
    for name, practice in {"amina": AMINA, "ben": BEN}.items():
        owner = people[name]
        save_entries(entries=logbook_of(owner, practice, today=clock.today()), by=owner)


def logbook_of(owner: User, practice: Practice, *, today: date) -> list[LogbookEntry]:
    """New entries from the oldest to one of the last days before `today`. All but their ids depend on it only."""
    return Generator(owner, practice, today).entries()


class Generator:
    def __init__(self, owner: User, practice: Practice, today: date) -> None:
        self.owner, self.practice, self.today = owner, practice, today
        self.random = random.Random(practice.seed)
        self.titles: set[str] = set()
        # When something was last chosen, so that it does not come again soon.
        self.turn = 0
        self.last_turn: dict[object, int] = {}

    def entries(self) -> list[LogbookEntry]:
        return [
            self._entry(year, day, role)
            for year, numbers in enumerate(self.practice.career)
            for day, role in zip(self._days(year, sum(numbers)), self._roles(numbers), strict=True)
        ]

    def _days(self, year: int, number: int) -> list[date]:
        """`number` different working days of one year of the career, which begins early and ends just before today."""
        years = len(self.practice.career)
        first = self.today - timedelta(days=round(A_YEAR * (years - year)))
        end = self.today - timedelta(days=round(A_YEAR * (years - year - 1)))
        days = [day for day in _days_between(first, end) if self._is_worked(day)]
        chosen = sorted(self.random.sample(days, number))
        if year == 0:
            chosen[0] = min(chosen[0], days[self.random.randrange(10)])
        if end == self.today:
            chosen[-1] = days[-1]
        return chosen

    @staticmethod
    def _is_worked(day: date) -> bool:
        """Monday to Friday, and one Saturday a month."""
        if (day.month, day.day) in BANK_HOLIDAYS:
            return False
        return day.weekday() <= FRIDAY or (day.weekday() == SATURDAY and day.day <= 7)

    def _roles(self, numbers: Sequence[int]) -> list[EntryRole]:
        roles = [role for role, number in zip(ROLES, numbers, strict=True) for _ in range(number)]
        self.random.shuffle(roles)
        return roles

    def _entry(self, year: int, day: date, role: EntryRole) -> LogbookEntry:
        entry = LogbookEntry(
            owner=self.owner,
            ended_on=day,
            role=role,
            medium=self.random.choices(MEDIA, shares_on(day))[0],
            setting=Setting.SIMULATED if self._is_role_play(year, role) else Setting.REAL,
            # In the evening, each after the one before it: the newest tells the form what is usual.
            created_at=datetime.combine(day, time(17, self.random.randrange(60)), UTC),
        )
        self._set_times(entry)
        self._set_matter(entry)
        self._set_circumstances(entry)
        if self._happens(IN_A_HURRY):
            entry.subject = entry.country = entry.language = entry.outcome = entry.provider = ""
            entry.paid = entry.full_scale = ""
            entry.parties = None
        elif self._happens(WITH_REFLECTION):
            self._reflect(entry)
        return entry

    def _is_role_play(self, year: int, role: EntryRole) -> bool:
        shares = self.practice.role_plays[year : year + 1]
        return any(self._happens(share.get(role, 0)) for share in shares)

    def _set_times(self, entry: LogbookEntry) -> None:
        several_days = entry.setting == Setting.REAL and self._happens(
            0.16 if entry.role in GUIDING else 0.06
        )
        if several_days:
            entry.minutes = self._quarters(6, 18, usual=9)
            started_on = entry.ended_on - timedelta(days=self.random.choice((1, 1, 2, 6, 7, 9, 14, 21, 28)))
            entry.started_on = started_on - timedelta(days=max(0, started_on.weekday() - FRIDAY))
        else:
            entry.minutes = self._quarters(1.5, 9, usual=3.25)
        if self._happens(0.75 if entry.role in GUIDING | {EntryRole.ADVOCATE} else 0.2):
            entry.preparation_minutes = self._quarters(0.5, 6 if several_days else 4, usual=1)

    def _quarters(self, least: float, most: float, *, usual: float) -> int:
        """Minutes, from hours."""
        return round(self.random.triangular(least, most, usual) * 60 / QUARTER) * QUARTER

    def _set_matter(self, entry: LogbookEntry) -> None:
        """Subject, country and title: “roof leak, March”, “roof leak, market hall”, “roof leak, Ruiru”."""
        subjects = self.practice.subjects
        entry.subject = self._weighted({name: subject.weight for name, subject in subjects.items()})
        abroad = 0.05 if entry.medium == Medium.FACE_TO_FACE else 0.22
        entry.country = self.practice.home
        if entry.setting == Setting.REAL and self._happens(abroad):
            entry.country = self._weighted(self.practice.neighbours)
        subject = subjects[entry.subject]
        matter = self._not_lately(subject.matters)
        details = [
            f"{entry.ended_on:%B}",
            *subject.details,
            *self.practice.places.get(entry.country.code, ()),
        ]
        weights = [len(details) / 4] + [1] * (len(details) - 1)
        while not entry.title or entry.title in self.titles:
            entry.title = f"{matter}, {self.random.choices(details, weights)[0]}"
        self.titles.add(entry.title)

    def _set_circumstances(self, entry: LogbookEntry) -> None:
        entry.language = self._weighted(self.practice.languages[entry.country.code])
        entry.parties = self._weighted({2: 66, 3: 16, 4: 9, 5: 4, 6: 3, 8: 2})
        if entry.setting == Setting.SIMULATED:
            entry.title = f"role play: {entry.title}"
            entry.provider = self.random.choice(self.practice.trainers)
            entry.full_scale = FullScale.NO if self._happens(0.6) else FullScale.YES
            return
        entry.outcome = self._outcome(entry)
        if self._happens(0.45):
            entry.provider = self.random.choice(self.practice.providers)
        if entry.role not in LEARNING:
            years_ago = (self.today - entry.ended_on).days / A_YEAR
            entry.paid = Paid.PRO_BONO if self._happens(0.12 + 0.07 * years_ago) else Paid.PAID
        finished = entry.outcome != Outcome.ONGOING
        entry.full_scale = FullScale.YES if finished and self._happens(0.86) else FullScale.NO

    def _outcome(self, entry: LogbookEntry) -> Outcome:
        if (self.today - entry.ended_on).days < 60 and self._happens(0.35):
            return Outcome.ONGOING
        return self._weighted({Outcome.SETTLED: 64, Outcome.PARTLY: 15, Outcome.NOT_SETTLED: 21})

    def _reflect(self, entry: LogbookEntry) -> None:
        """What went well belongs to one theme, what was hard and what comes of it to another: no contradictions."""
        themes = [theme for theme in THEMES if theme.fits(entry)]
        if not themes:
            return
        well = self._not_lately(themes)
        hard = self._not_lately([theme for theme in themes if theme is not well])
        others = [theme for theme in themes if theme not in (well, hard)]
        entry.challenges = self._sentence(hard, "challenges")
        if self._happens(0.85):
            entry.did_well = self._sentence(well, "did_well")
        if self._happens(0.85):
            entry.learnings = self._sentence(hard, "learnings")
        if others and self._happens(0.6):
            text = self.random.choice(TEXTS)
            more = self._sentence(self._not_lately(others), text)
            setattr(entry, text, f"{getattr(entry, text)} {more}".strip())

    def _sentence(self, theme: Theme, text: str) -> str:
        return self._not_lately(getattr(theme, text))

    def _not_lately(self, choices: Sequence):
        """One of the third that has waited longest."""
        waiting = sorted(choices, key=lambda choice: (self.last_turn.get(choice, 0), self.random.random()))
        chosen = self.random.choice(waiting[: max(1, len(waiting) // 3)])
        self.turn += 1
        self.last_turn[chosen] = self.turn
        return chosen

    def _weighted(self, weights: dict):
        return self.random.choices(list(weights), list(weights.values()))[0]

    def _happens(self, share: float) -> bool:
        return self.random.random() < share


def _days_between(first: date, end: date) -> list[date]:
    """From `first`, without `end`."""
    return [first + timedelta(days=number) for number in range((end - first).days)]
