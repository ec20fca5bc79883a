"""What the fuzzer says: words, headers and files that no careful person would send, and a few that many do."""

from accounts.tests.factories import PASSWORD
from cpd.tests.factories import a_pdf, a_picture
from logbook_site.foundation.spreadsheets import xlsx_response

MARKUP = "<img src=x onerror=quince>"
# What people would type, so that some forms are taken and what comes after a form is reached, too.
TYPED = {
    "ended_on": "2024-05-06", "completed_on": "2024-05-06", "hours": "3,5", "title": "Orchard", "points": "4",
    "email": "greta@example.org", "invite_email": "greta@example.org", "respondent_email": "greta@example.org",
    "parties-0-email": "greta@example.org", "parties-0-name": "Greta", "parties-TOTAL_FORMS": "1",
    "parties-INITIAL_FORMS": "0", "agreed": "on", "password": PASSWORD, "oldpassword": PASSWORD,
    "password1": "other-harbour-lamp-8", "password2": "other-harbour-lamp-8", "login": "amina@example.org",
    "year": "2024", "share": "yes", "clear": "4", "count": "3", "not_family": "on", "not_subordinate": "on",
    "not_reciprocal": "on", "reason": "They asked.", "message": "A question.", "name": "Greta", "view_name": "Mine",
}  # fmt: skip
ODD = [
    "", "\0", "a\0b", "\ud800", "\udc80x", "\u202eevil", "\u2066\u2069", "\r\nSet-Cookie: a=b", "\x1b[31m", MARKUP,
    "{{ 7*7 }}", "{% debug %}", "' OR 1=1 --", "%", "_", "\\", "../../etc/passwd", "//evil.example", "https://[::1",
    "https://evil.example/", "javascript:alert(1)", "null", "[]", "{}", "NaN", "Infinity", "-1", "0", "1e999",
    "9" * 25, "9" * 5000, "x" * 121, "x" * 300, "\u00e9" * 20_001, "x" * 100_000, "[" * 2000,
    "\u0130\u0131\u1e9e", "\ufdfa" * 200,
    "\u0661\u0662", "\u00b2", "2024-02-30", "0000-00-00", "9999-12-31", "10000-01-01", "0001-01-01", "24:00",
    "=1+1", "\ufeff",
    "a@b", '"a b"@example.org', "x@" + "a." * 120 + "org", "\u00e9@ex\u00e4mple.org", "UTC", "../UTC", "on", "send",
    "00000000-0000-0000-0000-000000000000", "person__password", "-pk", "id", "pk__in", "__class__",
]  # fmt: skip
HEADERS = {
    "HTTP_ACCEPT": ["application/json", "*/*", "\xff"],
    "HTTP_X_REQUESTED_WITH": ["XMLHttpRequest"],
    "HTTP_ACCEPT_LANGUAGE": ["fr", "ar,en;q=0.1", "*", "x" * 4000, "zh-\0", "en;q=x", "\xff"],
    "HTTP_HOST": ["evil.example", "localhost:99999", "", "[::1", "localhost\r\n", "127.0.0.1", "\xff"],
    "HTTP_ORIGIN": ["null", "https://evil.example", "http://localhost", "\xff"],
    "HTTP_REFERER": ["https://evil.example/", "http://[::1", "", "\xff" * 3000],
    "HTTP_USER_AGENT": ["", "x" * 8000, "\x1b[31m\n", "\0", "\xff"],
    "HTTP_X_FORWARDED_FOR": ["1.2.3.4", "a,b", "::1, x", "\0", ",", "9" * 4000],
    "HTTP_X_FORWARDED_HOST": ["evil.example"],
    "HTTP_X_FORWARDED_PROTO": ["https", "ftp"],
    "HTTP_X_HTTP_METHOD_OVERRIDE": ["DELETE"],
    "HTTP_RANGE": ["bytes=0-1", "bytes=-", "x"],
    "HTTP_IF_NONE_MATCH": ["*", '"a"'],
    "HTTP_IF_MODIFIED_SINCE": ["Sat, 01 Jan 2050 00:00:00 GMT", "x"],
    "HTTP_EXPECT": ["100-continue"],
    "HTTP_X_CSRFTOKEN": ["x", "\0", ""],
    "HTTP_X_WC_WEBHOOK_SIGNATURE": ["x", "\xff", ""],
    "HTTP_X_WC_WEBHOOK_TOPIC": ["order.created"],
    "CONTENT_LENGTH": ["-1", "x", "0", "1", "99999999999999999999"],
    "REMOTE_ADDR": ["", "::1", "unix:", "x"],
}
KINDS = [
    "text/plain", "application/json", "multipart/form-data", "multipart/form-data; boundary=", "", "\xff", "a/b; c",
    "application/x-www-form-urlencoded; charset=zlib",
]  # fmt: skip
COOKIES = ["messages", "django_language", "next", "csrftoken", "sessionid", "__Host-sid", "a b", "\xe9"]
FILES = {
    "a.pdf": a_pdf(), "a.png": a_picture(), "a.csv": b"ended_on,title\r\n2024-05-06,Orchard\r\n",
    "b.csv": "Date;H\u00e9ures\n".encode("utf-16"),
    "a.xlsx": xlsx_response("a", ["Date", "Hours"], [["2024-05-06", 3]]).content,
    "\0": b"", "../../x.php": b"<?php", "x" * 400 + ".pdf": b"%PDF-1.7\n" + b"\0" * 500,
    "a.zip": b"PK\x03\x04" + b"\xff" * 60,
    "a.gif": b"GIF89a" + b"\xff" * 20, "a.svg": f"<svg>{MARKUP}</svg>".encode(), "\u202efdp.exe": b"MZ",
}  # fmt: skip
