"""What the demo shows where access is paid for (`ACCESS_MODE=paid make run`)."""

from datetime import timedelta

from django.db import transaction

from accounts.choices import AccessSource
from accounts.models import AccessCode, AccessGrant, CodeBatch, ShopProduct, User
from accounts.services.access import add_grant, reckon
from logbook_site.demo.people import CODE
from logbook_site.foundation import clock

MONTHS = 12
EMAILS = ["amina@example.org", "ben@example.org"]
PRODUCT = 4711  # its number in an invented shop


@transaction.atomic
def load_access() -> bool:
    """Amina has access, Ben's has ended, Chloé can use the code that the login page shows.

    False, and nothing done, where somebody has or had access, or where the demo people are not.
    """
    people = {user.email.partition("@")[0]: user for user in User.objects.filter(email__in=EMAILS)}
    if len(people) < len(EMAILS) or AccessGrant.objects.exists() or CodeBatch.objects.exists():
        return False
    add_grant(to=people["amina"], months=MONTHS, source=AccessSource.ORDER, by=None)
    ended = clock.today() - timedelta(days=400)
    AccessGrant.objects.create(
        person=people["ben"], months=MONTHS, granted_on=ended, source=AccessSource.ADMIN
    )
    reckon(people["ben"])
    batch = CodeBatch.objects.create(label="Visitors of the demo", months=MONTHS, uses_each=1_000_000)
    AccessCode.objects.create(batch=batch, code=CODE)
    about = {"name": "Logbook, one year", "months": MONTHS}
    ShopProduct.objects.get_or_create(product_id=PRODUCT, defaults=about)
    return True
