"""Details and settings, and the second factor."""

from allauth.mfa.models import Authenticator
from playwright.sync_api import Page

from accounts.models import User
from logbook_site.demo.people import PASSWORD
from logbook_site.tests.hands import add_fingerprint_reader, code_of_app, fill, follow, press, sign_in
from logbook_site.tests.pages.state import AMINA, AS_BEFORE, DANA, INES, STRANGER, State, pressing

FACTORS = "/accounts/2fa/"


def take_password_from_dana() -> None:
    dana = User.objects.get(email=DANA)
    dana.set_unusable_password()
    dana.save(update_fields=["password"])


def lose_the_key_of_recovery_codes() -> None:
    codes = Authenticator.objects.get(user__email=INES, type=Authenticator.Type.RECOVERY_CODES)
    codes.data["seed"] = "sealed:00"
    codes.save()


def add_passkey(page: Page) -> None:
    add_fingerprint_reader(page)
    fill(page, name="My phone")
    press(page, "Add a passkey")


def switch_app_on(page: Page) -> None:
    fill(page, code=code_of_app(page.locator("#authenticator_secret").inner_text()))
    press(page, "Switch on")


def wait_for_second_step(page: Page) -> None:
    page.context.clear_cookies()
    sign_in(page, INES, PASSWORD)


STATES = [
    State("accounts/my_details.html", "details", AMINA, "/my-details/"),
    State(
        "accounts/my_details.html",
        "details-wrong",
        AS_BEFORE,
        "/my-details/",
        pressing("Save my details", imi_profile="https://elsewhere.example/me"),
    ),
    State(
        "accounts/my_details.html",
        "details-saved",
        AS_BEFORE,
        "/my-details/",
        pressing("Save my details"),
    ),
    State("accounts/account_settings.html", "settings", AS_BEFORE, "/account-settings/"),
    State(
        "accounts/account_settings.html",
        "settings-wrong",
        AS_BEFORE,
        "/account-settings/",
        pressing("Save", name=" "),
    ),
    State("account/reauthenticate.html", "is-it-you", AS_BEFORE, "/accounts/reauthenticate/"),
    State(
        "account/reauthenticate.html",
        "is-it-you-wrong",
        AS_BEFORE,
        "/accounts/reauthenticate/",
        pressing("Continue", password="not my password"),
    ),
    State("account/password_change.html", "password", AS_BEFORE, "/accounts/password/change/"),
    State(
        "account/password_change.html",
        "password-wrong",
        AS_BEFORE,
        "/accounts/password/change/",
        pressing("Save the new password", oldpassword="not my password", password1="123", password2="1234"),
    ),
    State("account/email_change.html", "email", AS_BEFORE, "/accounts/email/"),
    State(
        "account/email_change.html",
        "email-wrong",
        AS_BEFORE,
        "/accounts/email/",
        pressing("Send the code", email=AMINA),
    ),
    State("usersessions/usersession_list.html", "sessions-one", AS_BEFORE, "/accounts/sessions/"),
    State("account/logout.html", "log-out", AS_BEFORE, "/accounts/logout/"),
    State(
        "account/password_set.html",
        "password-set",
        DANA,
        "/accounts/password/set/",
        in_database=take_password_from_dana,
    ),
    # Second factor
    State("home/home.html", "home-signed-in", STRANGER, "/accounts/login/", wait_for_second_step),
    State("mfa/index.html", "factors-none", AS_BEFORE, FACTORS),
    State("mfa/webauthn/authenticator_list.html", "passkeys-none", AS_BEFORE, f"{FACTORS}webauthn/"),
    State("mfa/webauthn/add_form.html", "passkey-add", AS_BEFORE, f"{FACTORS}webauthn/add/"),
    State(
        "mfa/recovery_codes/index.html",
        "recovery-codes",
        AS_BEFORE,
        f"{FACTORS}webauthn/add/",
        add_passkey,
    ),
    State("mfa/webauthn/authenticator_list.html", "passkeys", AS_BEFORE, f"{FACTORS}webauthn/"),
    State(
        "mfa/webauthn/edit_form.html",
        "passkey-rename",
        AS_BEFORE,
        f"{FACTORS}webauthn/",
        lambda page: follow(page, "Rename My phone"),
    ),
    State(
        "mfa/webauthn/authenticator_confirm_delete.html",
        "passkey-remove",
        AS_BEFORE,
        f"{FACTORS}webauthn/",
        lambda page: follow(page, "Remove My phone"),
    ),
    State("mfa/totp/activate_form.html", "app", AS_BEFORE, f"{FACTORS}totp/activate/"),
    State(
        "mfa/totp/activate_form.html",
        "app-wrong",
        AS_BEFORE,
        f"{FACTORS}totp/activate/",
        pressing("Switch on", code="000000"),
    ),
    State("mfa/index.html", "factors", AS_BEFORE, f"{FACTORS}totp/activate/", switch_app_on),
    State("mfa/totp/deactivate_form.html", "app-off", AS_BEFORE, f"{FACTORS}totp/deactivate/"),
    State(
        "mfa/recovery_codes/generate.html",
        "recovery-codes-new",
        AS_BEFORE,
        f"{FACTORS}recovery-codes/generate/",
    ),
    State("mfa/reauthenticate.html", "is-it-you-app", AS_BEFORE, f"{FACTORS}reauthenticate/"),
    State(
        "mfa/webauthn/reauthenticate.html",
        "is-it-you-passkey",
        AS_BEFORE,
        f"{FACTORS}webauthn/reauthenticate/",
    ),
    State(
        "mfa/recovery_codes/lost.html",
        "recovery-codes-lost",
        AS_BEFORE,
        f"{FACTORS}recovery-codes/",
        in_database=lose_the_key_of_recovery_codes,
    ),
    State(
        "mfa/recovery_codes/index.html",
        "recovery-codes-again",
        AS_BEFORE,
        f"{FACTORS}recovery-codes/",
        pressing("Make new codes"),
    ),
    State("usersessions/usersession_list.html", "sessions", AS_BEFORE, "/accounts/sessions/"),
    State(
        "account/confirm_email_verification_code.html",
        "email-code",
        AS_BEFORE,
        "/accounts/email/",
        pressing("Send the code", email=f"new-{INES}"),
    ),
    State("mfa/authenticate.html", "second-step", STRANGER, "/accounts/login/", wait_for_second_step),
    State(
        "mfa/authenticate.html",
        "second-step-wrong",
        AS_BEFORE,
        f"{FACTORS}authenticate/",
        pressing("Sign in", code="000000"),
    ),
]
