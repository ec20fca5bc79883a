"""The door of the web server."""

import gc
import os

import django
from django.core.handlers.wsgi import WSGIHandler, WSGIRequest

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "logbook_site.settings")


class Request(WSGIRequest):
    """Every request is read as UTF-8, whatever charset its header names.

    Python knows charsets that are none ("zlib": Django fails before any page can answer), and others that
    let in what UTF-8 forbids ("utf-7": half characters, on which the database fails).
    """

    @property
    def encoding(self) -> str:
        return "utf-8"

    @encoding.setter
    def encoding(self, charset: str) -> None:
        pass

    def _set_content_type_params(self, meta: dict) -> None:
        try:
            super()._set_content_type_params(meta)
        except (ValueError, LookupError):  # a type that nobody can read is no type
            self.content_type, self.content_params = "", {}


class Handler(WSGIHandler):
    request_class = Request


django.setup(set_prefix=False)
from logbook_site.start import check_at_start  # noqa: E402  it needs the apps

check_at_start()
application = Handler()
# All that is loaded by now stays for good. To look through it for garbage, again and again, took 4 % of a page's time.
gc.collect()
gc.freeze()
