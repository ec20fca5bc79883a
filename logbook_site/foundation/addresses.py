"""E-mail addresses: which of them reach the same person."""

GMAIL = {"gmail.com", "googlemail.com"}


def plain_address(address: str) -> str:
    """`address` as it is kept and compared: no spaces around it, lower case."""
    return address.strip().lower()


def mailbox_of(address: str) -> str:
    """The mailbox behind an address: `Ann.Bee+work@googlemail.com` and `annbee@gmail.com` are the same one.

    A plus-tag is left out everywhere. Dots mean nothing at Gmail, which has two names; elsewhere they count.
    """
    name, _at, domain = plain_address(address).rpartition("@")
    name = name.partition("+")[0]
    if domain in GMAIL:
        return f"{name.replace('.', '')}@gmail.com"
    return f"{name}@{domain}"
