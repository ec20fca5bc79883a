from allauth.account.signals import email_changed, email_confirmed, password_changed, password_reset
from django.apps import AppConfig
from django.contrib.auth.signals import user_logged_in


class AccountsConfig(AppConfig):
    name = "accounts"

    def ready(self) -> None:
        from accounts.middleware import remember_sign_in
        from accounts.services.orders import take_in_orders
        from accounts.services.sign_ins import forget_begun

        # The signals of the house, all from libraries: a sign-in can happen in many ways, and each must be counted
        # from; an address is confirmed in many ways, too, and each may have bought something; and when it changes,
        # or the password, a sign-in that was begun with the old one must open nothing.
        user_logged_in.connect(remember_sign_in)
        email_confirmed.connect(take_in_orders)
        for changed in (email_changed, password_changed, password_reset):
            changed.connect(forget_begun)
