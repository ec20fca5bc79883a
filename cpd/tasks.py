"""Doors of the worker."""

from celery import shared_task

from cpd import services


@shared_task
def forget_deleted_entries() -> None:
    services.forget_deleted_entries()


@shared_task
def forget_lost_evidence() -> None:
    services.forget_lost_evidence()
