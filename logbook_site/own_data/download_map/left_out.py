"""What is in no file of the download, and why."""

from django.utils.translation import gettext_lazy as _

# About the person, or by them, or kept because of them. The README says these sentences.
NOT_TOLD = {
    "feedback.Respondent": _("What parties said about themselves: only the site’s admin may read it."),
    "feedback.PendingFeedback": _("Feedback that its writer has not confirmed yet."),
    "feedback.Suppression": _("Who asked us never to write to them again: only a scrambled form is kept."),
    "feedback.Notice": _("E-mails to you about feedback that wait for their time."),
    "feedback.NoticeName": _("Names in such e-mails: you read them there, and we forget them."),
    "accounts.ContactMessage": _("What you write to us: it is in our mailbox, and not kept here."),
    "accounts.OutboxMessage": _("Which e-mails were sent, and when: the e-mails themselves are not kept."),
    "accounts.NameWord": _("The words by which you are found: they are made from your name."),
    "accounts.FormKey": _("Which forms you sent in the last hours, so that none counts twice."),
    "accounts.Job": _("The work on this download itself, and other work that you waited for."),
    "reviewers.News": _("What the last weekly e-mail to you as a Reviewer told you."),
    "sessions.Session": _("The secret part of each sign-in, and messages you have not seen yet."),
    "account.EmailConfirmation": _("Codes that confirm addresses: they are secrets."),
    "accounts.AccessCode": _("Codes for paid access: others may use them, too."),
}

# Read by nobody but who changes this table.
ABOUT_NOBODY = {
    "accounts.CodeBatch": "For whom codes were made; what a code gave to somebody is a grant.",
    "accounts.LedgerMark": "A number that tells a restored database.",
    "accounts.ShopProduct": "What the shop sells.",
    "accounts.Organisation": "Its name is told with the places of its staff.",
    "admin.LogEntry": "Stays empty: the audit trail stands in its place.",
    "auth.Group": "Not used.",
    "auth.Permission": "Not used.",
    "contenttypes.ContentType": "A list of tables.",
}
