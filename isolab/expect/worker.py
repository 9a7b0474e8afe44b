"""Whether a worker of a page runs, and what the browser says where it does not."""

from __future__ import annotations

from typing import Any
from urllib.parse import urldefrag

from isolab.expect.asking import Asking
from isolab.expect.blame import Found, found, predicted, unfit
from isolab.expect.scripts import WORKER
from isolab.expect.steps import Steps
from isolab.expect.telling import BLOB, SILENT, untold
from isolab.expect.waits import GRACE_MS, LEAST_MS, asked

__tracebackhide__ = True
"""For pytest: a failure is shown at the line of the test, not in here."""

SHARED = "(a shared or a service worker is not looked at, and not told from a worker of the page)"
_UNTOLD = {
    "forbidden": "the page's Content-Security-Policy (Trusted Types) forbids isolab to start it",
    "silent": SILENT,
}

_SOON_MS = 250.0


def runs(page: Any, url: str, how: Asking, timeout: float) -> Steps[str | None]:
    """None where the worker runs. One that has ended is started again: browsers do not tell whether it ever ran.

    A worker that is kept out tells by its error event, and one that runs tells nothing. So silence counts: soon where
    the standard lets it run, late where it does not.
    """
    if _listed(page, url):
        return None
    if not url.startswith("http"):
        raise untold(page, url, BLOB)
    given = yield from found(page, url, how)
    if given is not None and (said := unfit(how, given[1][-1].status, given[1][-1].headers)):
        return said
    patience, limit = _times(how, given)
    fate = yield from asked(page, WORKER, [url, patience, LEAST_MS], max(timeout, limit))
    if fate in _UNTOLD:
        raise untold(page, url, _UNTOLD[fate])
    return None if fate == "runs" else "" if how.certain else SHARED


def _times(how: Asking, given: Found | None) -> tuple[float, float]:
    """How long it has to tell of its failure after the answer, and how long it all may take, in milliseconds."""
    if given is None:
        return LEAST_MS, GRACE_MS
    return _SOON_MS if predicted(how, *given).loaded else GRACE_MS, 3 * GRACE_MS


def _listed(page: Any, url: str) -> bool:
    """Whether the driver tells that it runs.

    Measured: Chromium's lists a worker once it has let it run, Firefox's also one that waits for its answer. The worker
    is not asked: it may be busy, or wait (`Atomics.wait`), for good.
    """
    browser = page.context.browser
    told = browser is not None and browser.browser_type.name == "chromium"
    return told and any(urldefrag(worker.url).url == url for worker in page.workers)
