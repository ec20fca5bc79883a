from django.apps import AppConfig
from django.contrib.auth.signals import user_logged_in


class AccountsConfig(AppConfig):
    name = "accounts"

    def ready(self) -> None:
        from accounts.middleware import remember_sign_in

        # The one signal of the house: a sign-in can happen in many ways, and each must be counted from.
        user_logged_in.connect(remember_sign_in)
