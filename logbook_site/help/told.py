"""Periods and limits that help and privacy tell, each read from the setting that keeps it."""

from django.conf import settings

from logbook_site.foundation.periods import in_words, months_in_words

IN_HOURS = [
    "SESSION_HOURS_MEDIATOR",
    "SESSION_HOURS_OTHERS",
    "SESSION_HOURS_STRANGERS",
    "SIGN_UP_KEPT_HOURS",
    "INVITATION_LIVES_HOURS",
    "FORM_KEY_KEPT_HOURS",
    "MAIL_RETRIED_HOURS",
    "UNDO_HOURS",
    "CONTACT_KEPT_HOURS",
    "LINK_LIVES_HOURS",
    "LINKS_SHOWN_HOURS",
    "CODE_SHOWN_HOURS",
    "FACTS_CHECK_HOURS",
    "ORDER_WAITS_HOURS",
    "ACCOUNT_DELETION_HOURS",
    "DOWNLOAD_LIVES_HOURS",
    "IMPORT_KEPT_HOURS",
    "REVIEWER_NEWS_HOURS",
]
IN_MONTHS = ["RESPONDENT_KEPT_MONTHS", "LOOKS_KEPT_MONTHS"]
NUMBERS = ["REQUESTS_PER_DAY", "REQUESTS_PER_MONTH", "SEARCHES_PER_DAY", "FEEDBACK_MIN_SHARED"]
IN_SECONDS = ["CSRF_COOKIE_AGE", "ACCOUNT_LOGIN_BY_CODE_TIMEOUT"]


def told() -> dict[str, object]:
    """Each by the name of its setting, in words: `{{ told.CONTACT_KEPT_HOURS }}` is “5 days”."""
    return (
        {name: in_words(getattr(settings, name)) for name in IN_HOURS}
        | {name: in_words(getattr(settings, name) / 3600) for name in IN_SECONDS}
        | {name: months_in_words(getattr(settings, name)) for name in IN_MONTHS}
        | {name: getattr(settings, name) for name in NUMBERS}
    )
