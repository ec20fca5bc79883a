"""Addresses below `/admin/`, in its namespace and behind its door.

The last one takes any word: other rooms' pages about a person stand before it.
"""

from django.urls import path

from logbook_site.desk import views
from logbook_site.own_data.views.desk import delete_account

urlpatterns = [
    path("person/", views.find, name="find_person"),
    path("person/<uuid:person_id>/", views.person, name="person"),
    path("person/<uuid:person_id>/delete-account/", delete_account, name="delete_account"),
    path("person/<uuid:person_id>/<slug:name>/", views.step, name="person_step"),
]
