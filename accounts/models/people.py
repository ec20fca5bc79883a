"""People: one account each, with any number of roles."""

import uuid
import zoneinfo

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.functions import Lower
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django_countries.fields import CountryField

from accounts.choices import Role, Visibility
from accounts.querysets import MediatorProfileQuerySet, UserQuerySet
from logbook_site.foundation import clock
from logbook_site.foundation.sealing import SealedText


def validate_time_zone(value: str) -> None:
    if value not in zoneinfo.available_timezones():
        raise ValidationError(_("Choose a time zone from the list."), code="time_zone")


class UserManager(BaseUserManager.from_queryset(UserQuerySet)):
    def create_user(self, email: str, password: str | None = None, **fields) -> "User":
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, email: str) -> "User":
        return self.get(email=email.lower())


class User(AbstractBaseUser):
    """A person with an account. An admin may do everything in the Django admin: there is one, in part time."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    email = models.EmailField(_("E-mail address"), unique=True)
    name = models.CharField(_("Name"), max_length=120)
    time_zone = models.CharField(
        _("Time zone"), max_length=64, default="UTC", validators=[validate_time_zone]
    )
    is_mediator = models.BooleanField(_("Mediator"), default=False)
    is_reviewer = models.BooleanField(_("Reviewer"), default=False)
    is_directory = models.BooleanField(_("Directory"), default=False)
    is_admin = models.BooleanField(_("Admin"), default=False)
    is_active = models.BooleanField(_("Active"), default=True)
    # The last day of access, where it is paid for (ACCESS_MODE=paid); follows from the grants. Empty: none yet.
    access_until = models.DateField(_("Access until"), null=True, blank=True, editable=False)
    # When this person was last told of that day: in a reminder, or because it changed.
    access_reminded_on = models.DateField(null=True, blank=True, editable=False)
    # The account is closed, and everything in it goes at this moment, unless the person changes their mind.
    deletion_due_at = models.DateTimeField(_("To be deleted"), null=True, blank=True, editable=False)
    # Rows on a page, by list, as last chosen.
    page_sizes = models.JSONField(default=dict, editable=False)
    # Views of lists that were saved, as JSON. In this row, so that no list asks for them; sealed, because the words
    # that somebody looks for in their learnings tell of these.
    saved_views_sealed = models.BinaryField(null=True)
    joined_at = models.DateTimeField(_("Joined"), default=clock.now, editable=False)

    saved_views_json = SealedText("saved_views_sealed")

    objects = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        constraints = [
            models.CheckConstraint(condition=models.Q(email=Lower("email")), name="user_email_lower_case"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_leaving(self) -> bool:
        """Has asked for the deletion of the account: it is closed, and others do not see it any more."""
        return self.deletion_due_at is not None

    @property
    def roles(self) -> frozenset[Role]:
        return frozenset(role for role in Role if getattr(self, f"is_{role.value}"))

    @property
    def roles_today(self) -> frozenset[Role]:
        """Those that open pages: a directory's do so only while one has a place in an organisation with access."""
        return self.roles if self.place or not self.is_directory else self.roles - {Role.DIRECTORY}

    @cached_property
    def place(self):
        """Where this person works for a directory (a StaffPlace), or None. Asked once a request."""
        if not self.is_directory:
            return None
        return self.staff_places.with_access().select_related("organisation").first()

    # What Django's admin asks.

    @property
    def is_staff(self) -> bool:
        return self.is_admin

    def has_perm(self, perm: str, obj: object = None) -> bool:
        return self.is_active and self.is_admin

    def has_module_perms(self, app_label: str) -> bool:
        return self.is_active and self.is_admin


class MediatorProfile(models.Model):
    """What a mediator says about themselves: the page My Details."""

    person = models.OneToOneField(
        User, on_delete=models.CASCADE, primary_key=True, related_name="mediator_profile"
    )
    # Empty until the mediator has answered; then private or visible. Empty counts as private.
    visibility = models.CharField(_("Visibility"), max_length=20, choices=Visibility, blank=True, default="")
    imi_profile = models.URLField(_("IMI profile"), max_length=300, blank=True, default="")
    country = CountryField(_("Country"), blank=True, default="")
    # ISO 639-1 codes.
    languages = ArrayField(
        models.CharField(max_length=2), verbose_name=_("Languages"), default=list, blank=True
    )
    about = models.TextField(_("About me"), max_length=20000, blank=True, default="")
    # The general link: off until the mediator switches it on. The code in it stays when it is switched off.
    accepts_general = models.BooleanField(_("Anybody may leave feedback with my general link"), default=False)
    general_code = models.CharField(max_length=32, unique=True, null=True, editable=False)  # noqa: DJ001

    objects = MediatorProfileQuerySet.as_manager()

    class Meta:
        verbose_name = _("mediator's details")
        verbose_name_plural = _("mediators' details")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(visibility__in=["", *Visibility.values]), name="profile_visibility_known"
            ),
        ]

    def __str__(self) -> str:
        return str(self.person_id)
