"""Who may see which row of the ground floor. Pages fetch their objects from `visible_to`, nowhere else."""

from django.db.models import Q, QuerySet

from accounts.choices import AppointmentState


class UserQuerySet(QuerySet):
    def visible_to(self, user) -> "UserQuerySet":
        """Oneself; an admin sees everyone. What Reviewers and directories see of a mediator is decided upstairs."""
        if not user.is_authenticated:
            return self.none()
        return self if user.is_admin else self.filter(pk=user.pk)


class MediatorProfileQuerySet(QuerySet):
    def visible_to(self, user) -> "MediatorProfileQuerySet":
        """A mediator's own details."""
        if not user.is_authenticated or not user.is_mediator:
            return self.none()
        return self.filter(person=user)


class AppointmentQuerySet(QuerySet):
    def visible_to(self, user) -> "AppointmentQuerySet":
        """The two people concerned, and an admin."""
        if not user.is_authenticated:
            return self.none()
        return self if user.is_admin else self.filter(Q(mediator=user) | Q(reviewer=user))

    def accepted(self) -> "AppointmentQuerySet":
        return self.filter(state=AppointmentState.ACCEPTED)

    def pending(self) -> "AppointmentQuerySet":
        return self.filter(state=AppointmentState.PENDING)


class AuditEventQuerySet(QuerySet):
    def visible_to(self, user) -> "AuditEventQuerySet":
        """Admins only."""
        return self if user.is_authenticated and user.is_admin else self.none()
