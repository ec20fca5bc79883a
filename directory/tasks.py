"""Doors of the worker. They do what is due, and may run twice."""

from celery import shared_task

from directory import services


@shared_task
def forget_looks() -> None:
    services.forget_looks()
