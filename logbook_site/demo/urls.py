from django.urls import path

from logbook_site.demo import views

urlpatterns = [
    path("mailbox/", views.mailbox, name="demo_mailbox"),
    path("sign-in/", views.sign_in, name="demo_sign_in"),
]
