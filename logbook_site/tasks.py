"""Doors of the worker. They do what is due, and may run twice."""

from celery import shared_task

from logbook_site.own_data.services import deletion, downloads, sign_ups


@shared_task
def forget_downloads() -> None:
    downloads.forget_downloads()


@shared_task
def delete_accounts() -> None:
    deletion.delete_due_accounts()


@shared_task
def forget_sign_ups() -> None:
    sign_ups.forget_sign_ups()
