"""The roof: settings, addresses, home pages, the demo and the timetable."""

from .celery import app as celery_app

__all__ = ["celery_app"]
