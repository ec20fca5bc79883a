from django.urls import path

from accounts import views

urlpatterns = [
    # In place of allauth's own, which stands below.
    path("accounts/sessions/", views.sessions, name="usersessions_list"),
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
