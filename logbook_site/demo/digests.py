"""What Rosa has written: a final Feedback Digest about Ben, a year ago, and a draft about Amina."""

from datetime import timedelta

from accounts.models import User
from feedback.models import Feedback
from logbook_site.foundation import clock
from reviewers.basis import basis_of
from reviewers.choices import DigestState
from reviewers.models import Digest

ABOUT_BEN = """\
Ben Aldous mediates in families, and when a farm passes from one generation to the next. The parties who answered \
describe meetings that lasted from some hours to two days.

They agree on his patience. He lets the oldest and the youngest speak for the same time, and sums up each point \
before he goes on. Those who had not talked to each other for long say that they could do so in his room.

Some would have liked a clear plan for the day, and to know beforehand how long it would take. Ben has read this; he \
now sends a page with the steps of the day. Nobody found that he took sides.

He is a good choice for people who have to go on living beside each other."""

ABOUT_AMINA = """\
Amina Okafor mediates workplace and building disputes, many of them online. Most parties describe her as well \
prepared and quick to understand technical questions.

Several mention that she first meets each side alone, and that this took away their fear.

To do: breaks (two parties), the length of online meetings. Ask her about the long day."""


def write_digests(people: dict[str, User]) -> None:
    """Rosa's work. Ben's is from a year ago, and rests on what was said about the years before."""
    rosa, now = people["rosa"], clock.now()
    a_year_ago = now - timedelta(days=365)
    pieces = Feedback.objects.filter(mediator=people["ben"], year__lte=a_year_ago.year)
    basis = basis_of(pieces)
    Digest.objects.create(
        mediator=people["ben"],
        reviewer=rosa,
        reviewer_name=rosa.name,
        state=DigestState.FINAL,
        text=ABOUT_BEN,
        version=3,
        based_on=basis.ids,
        first_year=basis.first_year,
        last_year=basis.last_year,
        created_at=a_year_ago - timedelta(days=30),
        changed_at=a_year_ago,
        facts_until=a_year_ago,
        comment="All correct. I now send a page with the steps of the day.",
        commented_at=a_year_ago - timedelta(days=2),
        final_at=a_year_ago,
    )
    Digest.objects.create(mediator=people["amina"], reviewer=rosa, text=ABOUT_AMINA, version=1)
