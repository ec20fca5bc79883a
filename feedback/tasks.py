"""Doors of the worker. They do what is due, and may run twice."""

from celery import shared_task

from feedback.services import forgetting, release


@shared_task
def forget_contacts() -> None:
    forgetting.forget_contacts()


@shared_task
def release_feedback() -> None:
    release.release_feedback()


@shared_task
def forget_ended_links() -> None:
    forgetting.forget_ended_links()


@shared_task
def forget_respondents() -> None:
    forgetting.forget_respondents()
