"""Doors of the worker. They do what is due, and may run twice."""

from celery import shared_task

from reviewers.services import appointing, news


@shared_task
def expire_appointments() -> None:
    appointing.expire_appointments()


@shared_task
def tell_news() -> None:
    news.tell_news()
