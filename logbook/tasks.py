"""Doors of the worker."""

from celery import shared_task

from logbook import services


@shared_task
def forget_deleted_entries() -> None:
    services.forget_deleted_entries()
