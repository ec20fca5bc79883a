"""Addresses about naming Reviewers, and theirs."""

from django.urls import path

from reviewers.views import answering, naming

urlpatterns = [
    path("my-details/reviewer/", naming.my_reviewer, name="my_reviewer"),
    path("invitation/<str:token>/", answering.invitation, name="invitation"),
]
