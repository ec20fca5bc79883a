"""Doors of the worker. They do what is due, and may run twice."""

from celery import shared_task

from reviewers.services import appointing


@shared_task
def expire_appointments() -> None:
    appointing.expire_appointments()
