"""Who may do what with a Feedback Digest: plain functions, a reason a line."""

from accounts.models import User
from reviewers.models import Digest
from reviewers.querysets import mediators_of, reads_everything


def may_write(user: User, mediator: User) -> bool:
    """The Reviewer of today alone; on the day it ends, so does this."""
    return mediators_of(user).filter(pk=mediator.pk).exists()


def may_finish(user: User) -> bool:
    """Who has not been checked may draft, but has read only a part: a digest of it must not leave their hands."""
    return reads_everything(user)


def may_comment(user: User, digest: Digest) -> bool:
    """The mediator it is about, while it is with them."""
    return Digest.objects.visible_to(user).in_check().filter(pk=digest.pk).exists()
