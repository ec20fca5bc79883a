from django.urls import path

from accounts import views

urlpatterns = [
    # In place of allauth's own, which stands below.
    path("accounts/sessions/", views.sessions, name="usersessions_list"),
    path("accounts/email/", views.change_email, name="account_email"),
    path("accounts/password/set/", views.set_password, name="account_set_password"),
    path("accounts/2fa/webauthn/add/", views.add_passkey, name="mfa_add_webauthn"),
    path("accounts/2fa/totp/activate/", views.activate_app, name="mfa_activate_totp"),
    path("account-settings/", views.account_settings, name="account_settings"),
    path("account-settings/roles/", views.roles, name="roles"),
    path("account-settings/access/", views.access, name="access"),
    path("jobs/<uuid:job_id>/", views.job, name="job"),
    # Before the one for Reviewers, which takes any other token.
    path("invitation/place-<str:token>/", views.place_invitation, name="place_invitation"),
    path("hooks/woocommerce/", views.woocommerce, name="woocommerce"),
    path("my-details/", views.my_details, name="my_details"),
    path("my-details/visibility/", views.visibility, name="visibility"),
]
