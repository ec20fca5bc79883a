"""The web server, the same for the demo and for real. Address and workers are on the command line."""

import os
from pathlib import Path

from logbook_site.foundation.logs import LOGGING

wsgi_app = "logbook_site.wsgi"
worker_class = "sync"

# Seconds. A request that takes longer is stuck; a stop waits as long for those under way.
timeout = 30
graceful_timeout = 30
keepalive = 5
# A worker that leaks is replaced; not both at once.
max_requests = 2000
max_requests_jitter = 200

# Our longest address is a link in a mail.
limit_request_line = 2048
limit_request_fields = 60
limit_request_field_size = 8190
# Whose X-Forwarded-… headers are believed: the proxy's, as addresses with commas between.
forwarded_allow_ips = os.environ.get("FORWARDED_ALLOW_IPS") or "127.0.0.1"

accesslog = None  # addresses of visitors and tokens in paths must not be written down
# Without this the server would write errors in its own words, with what somebody typed.
own_words = {"handlers": ["console"], "level": "WARNING", "propagate": False}
logconfig_dict = {**LOGGING, "loggers": {**LOGGING["loggers"], "gunicorn.error": own_words}}
control_socket_disable = True
umask = 0o007  # a unix socket is for the proxy's group only
if Path("/dev/shm").is_dir():
    worker_tmp_dir = "/dev/shm"  # a slow disk must not make a worker look dead


def on_starting(server):
    """In demo mode reading the settings starts the embedded servers: here, so that no worker owns them."""
    if os.environ.get("LOGBOOK_MODE") == "demo":
        import logbook_site.settings  # noqa: F401
