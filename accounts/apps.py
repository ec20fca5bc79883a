from allauth.account.signals import email_confirmed
from django.apps import AppConfig
from django.contrib.auth.signals import user_logged_in


class AccountsConfig(AppConfig):
    name = "accounts"

    def ready(self) -> None:
        from accounts.middleware import remember_sign_in
        from accounts.services.orders import take_in_orders

        # The two signals of the house, both from libraries: a sign-in can happen in many ways, and each must be
        # counted from; an address is confirmed in many ways, too, and each may have bought something.
        user_logged_in.connect(remember_sign_in)
        email_confirmed.connect(take_in_orders)
