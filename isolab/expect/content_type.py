"""Whether the type that an answer is sent with keeps a script or a style from being one.

Not looked at: a style sheet of another type without `nosniff`, of which the page's mode decides, and what a module
imports.
"""

from __future__ import annotations

from isolab.expect.asking import Asking
from isolab.policy.fields import Headers, combined

_JAVASCRIPT = frozenset(
    {"application/ecmascript", "application/javascript", "application/x-ecmascript", "application/x-javascript"}
    | {"text/ecmascript", "text/javascript", "text/jscript", "text/livescript"}
    | {"text/x-ecmascript", "text/x-javascript"}
    | {f"text/javascript1.{number}" for number in range(6)}
)
"""MIME Sniffing, "JavaScript MIME type"."""
_KINDS = {"script": "script", "stylesheet": "style"}
"""By what Playwright calls a request: of one whose `Sec-Fetch-Dest` it does not have, the kind is only guessed."""
_NEVER_SCRIPTS = ("audio/", "image/", "video/", "text/csv")
"""Fetch, "should response to request be blocked due to its MIME type?"."""


def unfit_type(how: Asking, headers: Headers) -> str | None:
    """Why no script or style comes of an answer with these headers, None where nothing here says so.

    By Fetch ("should response to request be blocked due to nosniff?") and HTML ("fetch a single module script"). A
    worker is not judged by it: it is seen whether that runs.
    """
    kind = None if how.sent is None else _KINDS.get(how.sent.resource_type)
    if kind is None or how.request is None or how.request.kind != kind:
        return None
    sent = (combined(headers, "Content-Type") or "").partition(";")[0].strip().lower()
    fits = sent in _JAVASCRIPT if kind == "script" else sent == "text/css"
    if fits:
        return None
    named = f"its server sends it as {sent}" if sent else "its server sends no Content-Type"
    if _nosniff(headers):
        return f"{named}, and X-Content-Type-Options: nosniff: so it is no {kind}"
    if kind == "script" and (how.module or sent.startswith(_NEVER_SCRIPTS)):
        return f"{named}: so it is no {'module' if how.module else 'script'}"
    return None


def _nosniff(headers: Headers) -> bool:
    return (combined(headers, "X-Content-Type-Options") or "").partition(",")[0].strip().lower() == "nosniff"
