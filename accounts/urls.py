from django.urls import path

from accounts import views

urlpatterns = [
    path("account-settings/", views.account_settings, name="account_settings"),
    path("account-settings/roles/", views.roles, name="roles"),
    path("my-details/", views.my_details, name="my_details"),
    path("my-details/visibility/", views.visibility, name="visibility"),
]
