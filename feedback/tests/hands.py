"""What a browser sends when a mediator asks for feedback, and what a party's mail holds."""

import email
import re
from email import policy
from email.message import EmailMessage

from django.test import Client

from accounts.services.outbox import deliver_due
from accounts.tests.smtp_server import SmtpServer
from logbook_site.foundation import clock

# These differ each time a page is shown.
# New each time, and whose page it is until when: the script that keeps drafts on the device asks for both.
ONE_TIME = re.compile(r'name="(?:csrfmiddlewaretoken|form_key)" value="[^"]*"|data-(?:person|until)="[^"]*"')
IDS = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
LINK = re.compile(r"/give-feedback/([\w-]{32})/")
STOP = re.compile(r"/stop/([^/\s]+)/")


def typed(*parties: tuple[str, str], **fields: object) -> dict[str, object]:
    """The form by e-mail: to Paula unless others are named, ended today, agreed, sent."""
    parties = parties or (("Paula Party", "paula@example.org"),)
    form = {"kind": "email", "parties-TOTAL_FORMS": len(parties), "parties-INITIAL_FORMS": 0}
    for row, (name, address) in enumerate(parties):
        form |= {f"parties-{row}-name": name, f"parties-{row}-email": address}
    usual = {"ended_on": f"{clock.today()}", "language": "en", "acted_as": "mediator", "agreed": "on"}
    return form | usual | {"action": "send"} | fields


def typed_links(count: object = 3, **fields: object) -> dict[str, object]:
    usual = {"kind": "links", "count": count, "ended_on": f"{clock.today()}", "action": "send"}
    return usual | fields


def people(number: int) -> list[tuple[str, str]]:
    return [(f"Party {one}", f"party{one}@example.org") for one in range(number)]


def page_of(client: Client, address: str) -> str:
    """A page without what is new each time, and with ids as they come numbered."""
    text = ONE_TIME.sub("", client.get(address).text)
    known: dict[str, str] = {}
    return IDS.sub(lambda found: known.setdefault(found[0], f"id-{len(known)}"), text)


def delivered(server: SmtpServer) -> list[EmailMessage]:
    """What the mail server has accepted so far, after all that is due was sent."""
    deliver_due()
    return [email.message_from_bytes(text, policy=policy.default) for text in server.accepted]


def text_of(mail: EmailMessage, kind: str = "plain") -> str:
    return mail.get_body((kind,)).get_content()
