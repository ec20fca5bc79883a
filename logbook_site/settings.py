"""All settings, read from the environment. `deploy/env.example` explains each variable.

`LOGBOOK_MODE` is `production` (the default: every missing secret is an error) or `demo` (what `make run` and the
tests use: generated keys, embedded servers, mail in a folder).
"""

import sys
from pathlib import Path

import dj_database_url
from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from logbook_site.foundation.catalogues import compiled
from logbook_site.foundation.environment import (
    Environment,
    email_settings,
    generated_secret,
    next_database,
)
from logbook_site.foundation.logs import LOGGING as LOGGING
from logbook_site.foundation.sealing import is_key, key_from

BASE_DIR = Path(__file__).resolve().parent.parent
env = Environment()

MODE = env.choice("LOGBOOK_MODE", "production", ("production", "demo"))
DEMO = MODE == "demo"
# Everything the site writes outside the database: in demo mode also the embedded servers, keys and mail.
VAR_DIR = Path(env.text("VAR_DIR", str(BASE_DIR / "var"))).resolve()
PORT = env.whole_number("PORT", 8000)

if DEMO:
    from logbook_site import embedded

    embedded.provide(VAR_DIR)

# --- Secrets and servers ----------------------------------------------------------------------

DEBUG = False
if DEMO:
    SECRET_KEY = env.text("SECRET_KEY") or generated_secret(VAR_DIR / "keys" / "secret_key")
else:
    SECRET_KEY = env.required("SECRET_KEY", "50 random characters or more, kept secret")
    if SECRET_KEY and len(SECRET_KEY) < 50:
        env.complaints.append("SECRET_KEY is too short: it needs 50 random characters or more")
SECRET_KEY_FALLBACKS = env.words("SECRET_KEY_FALLBACKS")
# Learnings and the like lie sealed in the database: the first key seals, all of them open.
if DEMO:
    SEALING_KEY = env.text("SEALING_KEY") or key_from(generated_secret(VAR_DIR / "keys" / "sealing_key"))
else:
    SEALING_KEY = env.required("SEALING_KEY", "32 random bytes in base64url, kept secret and never lost")
SEALING_KEYS = [key for key in (SEALING_KEY, *env.words("SEALING_KEY_FALLBACKS")) if key]
if not all(map(is_key, SEALING_KEYS)):
    env.complaints.append("SEALING_KEY, SEALING_KEY_FALLBACKS: a key is 32 bytes in base64url, 43 letters")

# Recognises, by a keyed hash, the addresses that asked to be left alone, and the codes with which answers are
# taken back. Whoever changes it forgets both.
if DEMO:
    HASH_KEY = env.text("HASH_KEY") or generated_secret(VAR_DIR / "keys" / "hash_key")
else:
    HASH_KEY = env.required("HASH_KEY", "50 random characters or more, kept secret and never changed")

DATABASE_URL = env.required("DATABASE_URL", "the address of PostgreSQL, postgresql://user:password@host/name")
REDIS_URL = env.required("REDIS_URL", "the address of Redis, redis://host:6379/0")
# The keys of contact details live here and nowhere else: this Redis must never write to disk.
KEYS_REDIS_URL = env.text("KEYS_REDIS_URL") or next_database(REDIS_URL)
# Vouches that it does not, where asking it (CONFIG GET) is forbidden.
KEYS_REDIS_VOUCHED = env.flag("KEYS_REDIS_VOUCHED", False)
DATABASES = {
    "default": dj_database_url.parse(
        DATABASE_URL or "postgresql:///missing", conn_max_age=600, conn_health_checks=True
    )
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
# Only rate limits live here. In the database, so that they count for all workers and outlive a restart. A full cache
# drops what still counts (Django's is full with 300), and so gives new tries: this one is never full, because what is
# over goes each hour.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "rate_limits",
        "OPTIONS": {"MAX_ENTRIES": 10_000_000},
    }
}

SITE_URL = (
    env.text("SITE_URL", f"http://localhost:{PORT}")
    if DEMO
    else env.required("SITE_URL", "the public address, https://logbook.example.org")
).rstrip("/")
SITE_HOST = SITE_URL.partition("://")[2].partition(":")[0]
ALLOWED_HOSTS = env.words(
    "ALLOWED_HOSTS", f"{SITE_HOST},localhost,127.0.0.1" if DEMO else SITE_HOST or "missing"
)
CSRF_TRUSTED_ORIGINS = [SITE_URL] if "://" in SITE_URL else []

EMAIL_TIMEOUT = 10  # seconds; Django's default is to wait for ever
EMAIL_URL = (
    env.text("EMAIL_URL") if DEMO else env.required("EMAIL_URL", "smtp://user:password@host:587?tls=on")
)
if EMAIL_URL:
    globals().update(email_settings(EMAIL_URL))
else:
    EMAIL_BACKEND = "logbook_site.foundation.mail.FolderBackend"
MAIL_DIR = VAR_DIR / "mail"

# --- Brand and addresses ----------------------------------------------------------------------

SITE_NAME = env.text("SITE_NAME", "Mediation Logbook")
OPERATOR_NAME = env.text("OPERATOR_NAME", "IMI")
if DEMO:  # an empty address leaves its line out of the page
    SUPPORT_EMAIL = env.text("SUPPORT_EMAIL")
    PRIVACY_POLICY_URL = env.text("PRIVACY_POLICY_URL")
    DIGEST_INFO_URL = env.text("DIGEST_INFO_URL")
    COMPLAINTS_URL = env.text("COMPLAINTS_URL")
else:
    SUPPORT_EMAIL = env.required("SUPPORT_EMAIL", "where people reach you; also the sender of mail")
    PRIVACY_POLICY_URL = env.required("PRIVACY_POLICY_URL", "the address of your privacy policy")
    DIGEST_INFO_URL = env.required("DIGEST_INFO_URL", "where parties read what a Feedback Digest is")
    COMPLAINTS_URL = env.required("COMPLAINTS_URL", "where parties can complain about a mediator")
# Told on the help page, if there is one.
KNOWN_ISSUES_URL = env.text("KNOWN_ISSUES_URL")
DEFAULT_FROM_EMAIL = env.text("FROM_EMAIL", SUPPORT_EMAIL or "logbook@example.org")
SERVER_EMAIL = DEFAULT_FROM_EMAIL

# Languages whose texts somebody who speaks them has read and found good. In the others each page of a party says that
# nobody has, and asks to tell us what is wrong.
LANGUAGES_CHECKED = env.words("LANGUAGES_CHECKED", "en")

# --- Periods and limits: hours and numbers; fractions are allowed --------------------------------

# A phone in a drawer: somebody who only keeps a logbook stays signed in for a month.
SESSION_HOURS_MEDIATOR = env.number("SESSION_HOURS_MEDIATOR", 30 * 24)
# Who may read what others wrote signs in every working day.
SESSION_HOURS_OTHERS = env.number("SESSION_HOURS_OTHERS", 12)
# Each look at the page of one's sign-ins opens all of them: of more, the oldest end. In the demo many share six people.
SIGN_INS_AT_ONCE = env.whole_number("SIGN_INS_AT_ONCE", 100 if DEMO else 20)
if SIGN_INS_AT_ONCE < 1:
    env.complaints.append("SIGN_INS_AT_ONCE must be at least 1")
# What somebody begins before they are signed in (a sign-up, a mailed code, a passkey) is forgotten soon.
SESSION_HOURS_STRANGERS = env.number("SESSION_HOURS_STRANGERS", 1)
# Whoever signed up may have typed another person's address: without its confirmation the account goes after a week.
SIGN_UP_KEPT_HOURS = env.number("SIGN_UP_KEPT_HOURS", 168)
if SIGN_UP_KEPT_HOURS < SESSION_HOURS_STRANGERS:
    env.complaints.append(
        "SIGN_UP_KEPT_HOURS must not be less than SESSION_HOURS_STRANGERS: the code is entered meanwhile"
    )
# An invitation that nobody answered for a month is forgotten by the one who sent it, too.
INVITATION_LIVES_HOURS = env.number("INVITATION_LIVES_HOURS", 720)
# A form that is sent twice (a double click, a lost connection) is recognised for a day.
FORM_KEY_KEPT_HOURS = env.number("FORM_KEY_KEPT_HOURS", 24)
# A mail server that says "try again later" is asked again for two days, then the mail has failed.
MAIL_RETRIED_HOURS = env.number("MAIL_RETRIED_HOURS", 48)
# How long one sender may hold a mail before another may ask what became of it. Longer than any SMTP talk takes.
MAIL_LEASE_HOURS = env.number("MAIL_LEASE_HOURS", 1 / 30)
# Deleted entries can come back for 30 days; then they are gone.
UNDO_HOURS = env.number("UNDO_HOURS", 720)
# A party's name, address and reference are unreadable so long after the request. Five days is a promise.
CONTACT_KEPT_HOURS = env.number("CONTACT_KEPT_HOURS", 120)
if CONTACT_KEPT_HOURS == 0 or (CONTACT_KEPT_HOURS > 120 and not DEMO):
    env.complaints.append(
        "CONTACT_KEPT_HOURS must be more than 0 and at most 120: parties are promised five days"
    )
# A party may answer for two months, also after their contact details are gone.
LINK_LIVES_HOURS = env.number("LINK_LIVES_HOURS", 1440)
# One reminder, on the third day: on the fifth there is no address any more.
REMINDER_AFTER_HOURS = env.number("REMINDER_AFTER_HOURS", 72)
# Handed-over links, and the code that takes answers back, are shown once: so long can their page be loaded again.
LINKS_SHOWN_HOURS = env.number("LINKS_SHOWN_HOURS", 1)
CODE_SHOWN_HOURS = env.number("CODE_SHOWN_HOURS", 1 / 6)
# Parties and links together, counted for each mediator: nobody can use the site to send mail to many.
REQUESTS_PER_DAY = env.whole_number("REQUESTS_PER_DAY", 20)
REQUESTS_PER_MONTH = env.whole_number("REQUESTS_PER_MONTH", 100)
# Feedback reaches the mediator once a day, so that the hour does not tell who wrote. UTC; empty: at once.
FEEDBACK_RELEASE_AT = env.time_of_day("FEEDBACK_RELEASE_AT", "" if DEMO else "06:00")
# My Feedback stays closed below this number of shared pieces.
FEEDBACK_MIN_SHARED = env.whole_number("FEEDBACK_MIN_SHARED", 1)
# Must parties who answer say who they are? What they say is read by admins only, and erased after so many months.
RESPONDENT_DETAILS = env.choice("RESPONDENT_DETAILS", "optional", ("optional", "required"))
RESPONDENT_KEPT_MONTHS = env.whole_number("RESPONDENT_KEPT_MONTHS", 24)
# A mediator has two weeks to check the facts in a Feedback Digest; a comment ends the check sooner.
FACTS_CHECK_HOURS = env.number("FACTS_CHECK_HOURS", 336)
# Must a Feedback Digest be renewed every two years? IMI made it optional in 2025. Decides what the reminders say.
DIGEST_REQUIRED = env.flag("DIGEST_REQUIRED", False)
# A directory looks up one mediator after the other; far more than a day's work is somebody who copies the list.
SEARCHES_PER_DAY = env.whole_number("SEARCHES_PER_DAY", 300)
# A mediator sees for two years who looked at their totals.
LOOKS_KEPT_MONTHS = env.whole_number("LOOKS_KEPT_MONTHS", 24)
# Demo and tests only: moves the clock of the whole site.
CLOCK_OFFSET_HOURS = env.number("CLOCK_OFFSET_HOURS", 0) if DEMO else 0.0

# One request, and the text in its form. A larger one is a mistake or an attack: a plain 413 page.
REQUEST_BYTES_MAX = 6 * 1024 * 1024
# A file on its way in stays in memory: a refused one leaves nothing on the disk.
FILE_UPLOAD_MAX_MEMORY_SIZE = REQUEST_BYTES_MAX
DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 1000
DATA_UPLOAD_MAX_NUMBER_FILES = 1
FILE_UPLOAD_PERMISSIONS = 0o600

# Evidence of professional development: plain files, in a folder that no web server may serve. Keep it with the backups
# of the database. A picture is decoded to be written anew: its pixels decide how much memory that takes.
EVIDENCE_DIR = Path(env.text("EVIDENCE_DIR", str(VAR_DIR / "evidence"))).resolve()
EVIDENCE_BYTES_MAX = env.whole_number("EVIDENCE_BYTES_MAX", 5 * 1024 * 1024)
EVIDENCE_PIXELS_MAX = env.whole_number("EVIDENCE_PIXELS_MAX", 40_000_000)

# What is gone for good, as keyed hashes: outside the database and its backups, so that an old backup cannot bring it
# back. Web server and worker write it; `manage.py after_restore` reads it.
if DEMO:
    LEDGER_FILE = Path(env.text("LEDGER_FILE", str(VAR_DIR / "ledger"))).resolve()
else:
    LEDGER_FILE = Path(
        env.required("LEDGER_FILE", "a file on another disk than the database, never restored with it")
    ).resolve()

# Spreadsheets that people bring in. A file as large as evidence: five thousand mediations with what was learned. What
# counts for memory is what it holds when it is unpacked (bytes; elements of its XML; letters of its cells in all), and
# that bounds the time, too. A cell of Excel holds 32,767 letters; more is a quotation mark that nobody closed.
IMPORT_BYTES_MAX = env.whole_number("IMPORT_BYTES_MAX", 5 * 1024 * 1024)
IMPORT_UNPACKED_BYTES_MAX = env.whole_number("IMPORT_UNPACKED_BYTES_MAX", 30 * 1024 * 1024)
IMPORT_ELEMENTS_MAX = env.whole_number("IMPORT_ELEMENTS_MAX", 1_500_000)
IMPORT_LETTERS_MAX = env.whole_number("IMPORT_LETTERS_MAX", 10_000_000)
IMPORT_CELL_LETTERS_MAX = env.whole_number("IMPORT_CELL_LETTERS_MAX", 32_767)
IMPORT_ROWS_MAX = env.whole_number("IMPORT_ROWS_MAX", 5000)
IMPORT_COLUMNS_MAX = env.whole_number("IMPORT_COLUMNS_MAX", 100)
IMPORT_SHEETS_MAX = env.whole_number("IMPORT_SHEETS_MAX", 50)

# A Reviewer is vetted once by an admin before they read what was not shared: else a mediator's
# second mailbox would read everything.
REVIEWER_VETTING = env.flag("REVIEWER_VETTING", True)
# A Reviewer is told of new feedback once a week at most: a mail for each piece would tell when it came.
REVIEWER_NEWS_HOURS = env.number("REVIEWER_NEWS_HOURS", 168)
# "paid": adding needs access, granted by an admin, by a code or by an order of the shop. Reading, exporting and
# deleting never do; parties' links go on working; Reviewers and directories never pay.
ACCESS_MODE = env.choice("ACCESS_MODE", "open", ("open", "paid"))
# Where access is bought: the pages of those whose access ended lead there. Empty: they write to SUPPORT_EMAIL.
SHOP_URL = env.text("SHOP_URL")
# Signs what the shop (WooCommerce) tells us of orders. Without it nothing is believed.
WOOCOMMERCE_SECRET = env.text("WOOCOMMERCE_SECRET")
# A buyer without an account has so long to sign up; then their address is forgotten.
ORDER_WAITS_HOURS = env.number("ORDER_WAITS_HOURS", 365 * 24)
# Who asks for the deletion of their account can change their mind for two weeks.
ACCOUNT_DELETION_HOURS = env.number("ACCOUNT_DELETION_HOURS", 336)
# A download of one's own data can be fetched for a day. It lies sealed in this folder.
DOWNLOAD_LIVES_HOURS = env.number("DOWNLOAD_LIVES_HOURS", 24)
DOWNLOAD_DIR = Path(env.text("DOWNLOAD_DIR", str(VAR_DIR / "downloads"))).resolve()
# A spreadsheet that somebody brings in waits between the steps for a day, sealed in this folder; so do, after it was
# saved, the rows that were not taken. Then it is forgotten.
IMPORT_KEPT_HOURS = env.number("IMPORT_KEPT_HOURS", 24)
# More rows than that are saved by a worker, while their owner waits on a page of their own: a thousand take a second.
IMPORT_ROWS_AT_ONCE = env.whole_number("IMPORT_ROWS_AT_ONCE", 1000)
IMPORT_DIR = Path(env.text("IMPORT_DIR", str(VAR_DIR / "imports"))).resolve()
# How long one worker may hold long work (such a download) before another does it again.
JOB_LEASE_HOURS = env.number("JOB_LEASE_HOURS", 1 / 12)
# The desk of the admin. A week may pass without a visit: what failed in the last two weeks is told.
DESK_LOOKS_BACK_HOURS = env.number("DESK_LOOKS_BACK_HOURS", 336)
# Access that ends within a month: time enough to write to somebody.
DESK_LOOKS_AHEAD_HOURS = env.number("DESK_LOOKS_AHEAD_HOURS", 720)
# What is due is done within a minute or two. After ten, the worker or its timetable is away.
DESK_LATE_HOURS = env.number("DESK_LATE_HOURS", 1 / 6)
# Buyers sign up within days. Who has not may have another address here.
DESK_ORDER_WAITS_HOURS = env.number("DESK_ORDER_WAITS_HOURS", 72)
# Roles that must have a second factor.
TWO_FACTOR_REQUIRED_FOR = env.words("TWO_FACTOR_REQUIRED_FOR", "" if DEMO else "admin")
ROLES = ("mediator", "reviewer", "directory", "admin")
if not set(TWO_FACTOR_REQUIRED_FOR) <= set(ROLES):  # "admins" would ask nobody, in silence
    env.complaints.append(f"TWO_FACTOR_REQUIRED_FOR: a role is one of {', '.join(ROLES)}")

env.check()

# --- The house --------------------------------------------------------------------------------

INSTALLED_APPS = [
    "logbook_site.apps.LogbookAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.staticfiles",
    "django.forms",
    "csp",
    "django_countries",
    "django_filters",
    "django_tables2",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "logbook_site.apps.LogbookSiteConfig",
    "accounts",
    "logbook",
    "cpd",
    "feedback",
    "reviewers",
    "directory",
]

MIDDLEWARE = [
    # Outermost, so that every answer has them: errors, redirects and static files too.
    "logbook_site.foundation.headers.HeadersMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    # Before anything that reads a cookie: the language, too, could come from one.
    "accounts.middleware.PartyMiddleware",
    "accounts.middleware.LanguageMiddleware",
    "logbook_site.errors.ErrorPagesMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "accounts.middleware.SignInMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "accounts.middleware.FormKeyMiddleware",
]

ROOT_URLCONF = "logbook_site.urls"
WSGI_APPLICATION = "logbook_site.wsgi.application"
CSRF_FAILURE_VIEW = "logbook_site.errors.csrf_failure"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "logbook_site.context_processors.site",
            ],
        },
    }
]
FORM_RENDERER = "logbook_site.foundation.forms.FormRenderer"

# --- People -----------------------------------------------------------------------------------

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "allauth.account.auth_backends.AuthenticationBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "home"

ACCOUNT_ADAPTER = "accounts.adapter.AccountAdapter"
ACCOUNT_FORMS = {
    "login": "accounts.forms.entrance.LoginForm",
    "signup": "accounts.forms.entrance.SignupForm",
    "add_email": "accounts.forms.entrance.AddEmailForm",
    "change_password": "accounts.forms.entrance.ChangePasswordForm",
    "set_password": "accounts.forms.entrance.SetPasswordForm",
    "reset_password": "accounts.forms.entrance.ResetPasswordForm",
    "reset_password_from_key": "accounts.forms.entrance.ResetPasswordKeyForm",
    "reauthenticate": "accounts.forms.entrance.ReauthenticateForm",
    "request_login_code": "accounts.forms.entrance.RequestLoginCodeForm",
    "confirm_login_code": "accounts.forms.entrance.ConfirmLoginCodeForm",
    "confirm_email_verification_code": "accounts.forms.entrance.ConfirmEmailVerificationCodeForm",
    "confirm_password_reset_code": "accounts.forms.entrance.ConfirmPasswordResetCodeForm",
}
MFA_FORMS = {
    "authenticate": "accounts.forms.entrance.SecondFactorForm",
    "reauthenticate": "accounts.forms.entrance.SecondFactorAgainForm",
    "activate_totp": "accounts.forms.entrance.ActivateTOTPForm",
    "add_webauthn": "accounts.forms.entrance.AddPasskeyForm",
    "authenticate_webauthn": "accounts.forms.entrance.PasskeyAsSecondFactorForm",
    "login_webauthn": "accounts.forms.entrance.PasskeyLoginForm",
    "reauthenticate_webauthn": "accounts.forms.entrance.PasskeyAgainForm",
    "edit_webauthn": "accounts.forms.entrance.RenamePasskeyForm",
}
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
# Codes everywhere, not links: mail scanners open links, and a code works on another device.
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND = True
ACCOUNT_PASSWORD_RESET_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 15 * 60  # seconds; mail can be slow
ACCOUNT_PASSWORD_RESET_BY_CODE_TIMEOUT = 15 * 60
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
# A new password ends all other sign-ins (their sessions carry a hash of the old one); this one stays.
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_SESSION_REMEMBER = True  # how long is decided by role, in accounts/middleware.py
ACCOUNT_DEFAULT_HTTP_PROTOCOL = SITE_URL.partition("://")[0]
ACCOUNT_RATE_LIMITS = {
    "login": "30/m/ip",
    "login_failed": "10/m/ip,5/5m/key",
    "signup": "20/m/ip",
    "reset_password": "20/m/ip,5/5m/key",
    "reset_password_from_key": "20/m/ip",
    # Each change ends sign-ins, and opens all sessions of strangers for it.
    "change_password": "5/m/user,10/m/ip",
    "manage_email": "10/m/user,20/m/ip",
    "reauthenticate": "10/m/user",
    "confirm_email": "1/10s/key,5/5m/key",
    "request_login_code": "20/m/ip,5/5m/key",
    "verify_email": "10/m/ip",
    # Not allauth's own. Guesses only: an open link, and a right code, never count.
    "unknown_link": "60/h/ip",
    "wrong_withdrawal_code": "20/h/ip",
    # Each proposal of a Reviewer is a mail to somebody.
    "reviewer_proposal": "10/d/user",
    # So is each check of facts.
    "digest_facts": "30/d/user",
    "directory_search": f"{SEARCHES_PER_DAY}/d/user",
    # Each time the Reviewer of a mediator hears that they leave, and perhaps that they stay.
    "leaving": "5/d/user",
    # Each change is kept for good, in the audit trail and the ledger.
    "visibility": "10/h/user",
    "name": "20/d/user",
    # A code of twelve letters cannot be guessed; somebody who tries is stopped all the same.
    "access_code": "20/h/user",
    "contact": "5/h/ip",
    # The general survey mails whoever is named in it, asked or not.
    "general_survey": "10/h/ip",
    "general_survey_of_address": "5/d/key",  # without a word: see feedback/views/general.py
}
MFA_ADAPTER = "accounts.adapter.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = DEMO  # passkeys on http://localhost
# Behind proxies, the client's address is the one the nearest trusted proxy saw; a forged header is ignored.
ALLAUTH_TRUSTED_PROXY_COUNT = env.whole_number("TRUSTED_PROXY_COUNT", 0)
ALLAUTH_TRUSTED_CLIENT_IP_HEADER = env.text("TRUSTED_CLIENT_IP_HEADER") or None

# --- Sessions, cookies, headers ---------------------------------------------------------------

SECURE = SITE_URL.startswith("https://")
SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_AGE = int(SESSION_HOURS_MEDIATOR * 3600)
SESSION_COOKIE_NAME = "sessionid" if DEMO else "__Host-sid"
CSRF_COOKIE_NAME = "csrftoken" if DEMO else "__Host-csrf"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = SECURE or not DEMO
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = LANGUAGE_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = LANGUAGE_COOKIE_SAMESITE = "Lax"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

if not DEMO:
    SECURE_SSL_REDIRECT = True
    SECURE_REDIRECT_EXEMPT = [r"^healthz$"]  # a monitor asks on the inside, without TLS
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")  # the proxy overwrites it
    SECURE_HSTS_SECONDS = 63072000
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
SECURE_CONTENT_TYPE_NOSNIFF = True
# Never "no-referrer": browsers then post "Origin: null", which the CSRF check refuses.
SECURE_REFERRER_POLICY = "strict-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "manifest-src": [SELF],
        "worker-src": [SELF],
        "base-uri": [NONE],
        "object-src": [NONE],
        "frame-ancestors": [NONE],
    }
}

# --- Language, time, files --------------------------------------------------------------------

LANGUAGE_CODE = "en"
# What parties read, on their pages and in their mail. Members read English.
LANGUAGES = [
    ("en", _("English")),
    ("fr", _("French")),
    ("es", _("Spanish")),
    ("pt", _("Portuguese")),
    ("de", _("German")),
    ("ar", _("Arabic")),
]
# Compiled by the first process that starts after a change in locale/.
LOCALE_PATHS = [compiled(BASE_DIR / "locale", VAR_DIR / "locale")]
FORMAT_MODULE_PATH = ["logbook_site.formats"]
USE_TZ = True
TIME_ZONE = "UTC"


STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = VAR_DIR / "static"
TESTING = "pytest" in sys.modules
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": (
            "django.contrib.staticfiles.storage.StaticFilesStorage"
            if TESTING
            else "whitenoise.storage.CompressedManifestStaticFilesStorage"
        )
    },
}
WHITENOISE_USE_FINDERS = TESTING
# Each client of a test has handlers of its own, and each would list every static file before its first answer.
WHITENOISE_AUTOREFRESH = TESTING

# --- Work outside the request -----------------------------------------------------------------

# Celery writes the address of a socket in its own way.
CELERY_BROKER_URL = REDIS_URL.replace("unix://", "redis+socket://").replace("?db=", "?virtual_host=")
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_IGNORE_RESULT = True
# A task whose worker dies runs again; every task may run twice.
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = True
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_ENABLE_REMOTE_CONTROL = False
CELERY_TASK_SOFT_TIME_LIMIT = 60
CELERY_TASK_TIME_LIMIT = 90
CELERY_TASK_REPR_MAXLEVELS = 1
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
# The bell may stay silent (the sweep finds the work): a page never waits for Redis.
CELERY_TASK_PUBLISH_RETRY = False
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 3600,
    # Without this, each ring waits six seconds for a Redis that is away, CELERY_TASK_PUBLISH_RETRY or not.
    # The worker itself goes on asking: CELERY_BROKER_CONNECTION_MAX_RETRIES above.
    "max_retries": 0,
    "socket_connect_timeout": 1,
    "socket_timeout": 5,
    "socket_keepalive": True,
}
CELERY_TIMEZONE = "UTC"
