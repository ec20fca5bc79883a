"""For monitors: are the database and Redis there? The Redis of the keys, too: without it nobody can be asked."""

import redis
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from logbook_site.foundation import vault


@login_not_required
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        client = redis.Redis.from_url(settings.REDIS_URL, socket_timeout=2, socket_connect_timeout=2)
        client.ping()
        client.close()
    except (DatabaseError, redis.RedisError):
        return away()
    return HttpResponse("ok", content_type="text/plain") if vault.is_open() else away()


def away() -> HttpResponse:
    return HttpResponse("away", status=503, content_type="text/plain", headers={"Retry-After": "60"})
