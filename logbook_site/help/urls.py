from django.urls import path

from logbook_site.help import views

urlpatterns = [
    path("help/", views.help_page, name="help"),
    path("help/contact/", views.contact, name="contact"),
    path("help/mentorship/", views.mentorship, name="mentorship"),
    path("help/career-path/", views.career_path, name="career_path"),
    path("privacy/", views.privacy, name="privacy"),
]
