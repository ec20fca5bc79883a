"""allauth's pages on which an account gets another way in: not before whoever is there shows that it is them."""

from allauth.account.views import email, password_set
from allauth.mfa.totp.views import activate_totp
from allauth.mfa.webauthn.views import add_webauthn

from accounts.proof import proven

change_email = proven(email, a_look_too=False)
set_password = proven(password_set, a_look_too=True, allauth_asks=False)
add_passkey = proven(add_webauthn, a_look_too=True)
activate_app = proven(activate_totp, a_look_too=True)
