"""Addresses about naming Reviewers, and theirs."""

from django.contrib import admin
from django.urls import path

from reviewers.views import answering, naming
from reviewers.views.vetting import vetting

urlpatterns = [
    path("my-details/reviewer/", naming.my_reviewer, name="my_reviewer"),
    path("invitation/<str:token>/", answering.invitation, name="invitation"),
    # Behind the admin's own door, but not a page of its making.
    path("admin/vetting/<uuid:reviewer_id>/", admin.site.admin_view(vetting), name="vetting"),
]
