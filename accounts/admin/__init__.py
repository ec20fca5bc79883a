"""The desk of IMI's one admin. Changes go through the services, so that the audit trail has them."""

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib import admin
from django.contrib.auth.models import Group

from accounts.admin import access, appointments, messages, organisations, people, trail

__all__ = ["access", "appointments", "messages", "organisations", "people", "trail"]

# Secrets and network addresses of people, and a table that this site does not use.
for model in (EmailAddress, Authenticator, UserSession, Group):
    if admin.site.is_registered(model):
        admin.site.unregister(model)
