"""A real Django with its SecurityMiddleware as it comes: prints its port, and ends with its standard input."""

from __future__ import annotations

import sys
import threading
from pathlib import Path
from socketserver import ThreadingMixIn
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.http import HttpRequest, HttpResponse
from django.urls import path

PAGES = Path(sys.argv[1])
COOP = "Cross-Origin-Opener-Policy"
# What mends popup sign-in: on the page with the button, and none on the page that the answer comes to.
MENDED = {"app": "same-origin-allow-popups", "callback": "unsafe-none"}


def page(_: HttpRequest, setting: str, name: str) -> HttpResponse:
    response = HttpResponse((PAGES / f"{name}.html").read_text(encoding="utf-8"))
    if setting == "mended":
        response[COOP] = MENDED[name]
    return response


def script(_: HttpRequest, name: str) -> HttpResponse:
    return HttpResponse((PAGES / name).read_text(encoding="utf-8"), content_type="text/javascript")


urlpatterns = [path("<str:setting>/<str:name>", page), path("<str:name>", script)]


class Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  its name
        """Say nothing."""


class Threads(ThreadingMixIn, WSGIServer):
    daemon_threads = True


settings.configure(
    ALLOWED_HOSTS=["app.example", "127.0.0.1"],
    ROOT_URLCONF=__name__,
    # Those that `django-admin startproject` writes and that have to do with headers.
    MIDDLEWARE=[
        "django.middleware.security.SecurityMiddleware",
        "django.middleware.common.CommonMiddleware",
        "django.middleware.clickjacking.XFrameOptionsMiddleware",
    ],
    SECURE_PROXY_SSL_HEADER=("HTTP_X_FORWARDED_PROTO", "https"),
)

if __name__ == "__main__":
    import django

    django.setup()
    with make_server("127.0.0.1", 0, WSGIHandler(), server_class=Threads, handler_class=Quiet) as server:
        print(server.server_port, flush=True)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        sys.stdin.read()
        server.shutdown()
