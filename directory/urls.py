from django.urls import path

from directory import views

urlpatterns = [
    path("verify-experience/", views.verify_experience, name="verify_experience"),
    path("verify-experience/<uuid:mediator_id>/", views.mediator, name="verify_mediator"),
    path("verify-experience/<uuid:mediator_id>/export/", views.export, name="verify_export"),
    path("verify-experience/<uuid:mediator_id>/print/", views.print_page, name="verify_print"),
    path("my-details/looks/", views.looks, name="looks"),
    path("my-details/what-they-see/", views.what_they_see, name="what_they_see"),
]
