"""Addresses below `/admin/`, in its namespace and behind its door.

Other rooms' pages about one person (`person/<uuid:person_id>/delete-account/`) go before the last.
"""

from django.urls import path

from logbook_site.desk import views

urlpatterns = [
    path("person/", views.find, name="find_person"),
    path("person/<uuid:person_id>/", views.person, name="person"),
    path("person/<uuid:person_id>/<slug:name>/", views.step, name="person_step"),
]
