"""Controls: the same case without isolation headers, in the same engine and run.

That a link is severed or a resource blocked means something only where it is kept or loaded without the headers.
"""

from __future__ import annotations

import hashlib
from dataclasses import replace

from isolab.scenario.case import Case, Check, EngineName, Page, Span

ISOLATION_HEADERS = frozenset(
    name + suffix
    for name in ("cross-origin-opener-policy", "cross-origin-embedder-policy", "document-isolation-policy")
    for suffix in ("", "-report-only")
) | {"cross-origin-resource-policy"}


CLAIMS = {"severed": "preserved", "not-loaded": "preserved", "blocked": "loaded"}
"""What is claimed when this is observed, and what the control has to show for it."""


def required(check: Check, observed: object) -> str | None:
    """What the control must show for this observation to count, or None where it needs no control."""
    return CLAIMS.get(str(observed)) if check.fact in ("opener", "load") else None


def control_case(case: Case) -> Case:
    """The case with every isolation header taken away, and of its checks those that controls are asked about.

    They expect what a control has to show: then it is as it should be.

    What its steps wait to hear may never be said, and its pages may open windows that no step names: where no link is
    cut there is no error to tell of, and a sign-in goes on.
    """
    pages = {name: _plain(page) for name, page in case.pages.items()}
    asked = (check for check in case.checks if check.fact in ("opener", "load"))
    checks = tuple(replace(check, expected=required(check, check.expected) or check.expected) for check in asked)
    # What the user's own servers send is known only as it comes: the lab takes the headers out then.
    upstreams = {origin: replace(each, without=ISOLATION_HEADERS) for origin, each in case.upstreams.items()}
    return replace(case, id=f"control of {case.id}", pages=pages, checks=checks, upstreams=upstreams, control=True)


def _plain(page: Page) -> Page:
    kept = tuple((name, value) for name, value in page.headers if name.lower() not in ISOLATION_HEADERS)
    return page if len(kept) == len(page.headers) else replace(page, headers=kept)


def sends_no_isolation_header(case: Case) -> bool:
    """Whether a case sends no isolation header: then it is its own control, and that of its siblings."""
    silent = all(upstream.without >= ISOLATION_HEADERS for upstream in case.upstreams.values())
    return silent and all(_plain(page) is page for page in case.pages.values())


def control_key(case: Case, engine: EngineName) -> str:
    """Equal for two cases whose controls would show the same in an engine: what is served, done and looked at."""
    control = control_case(case)
    steps = [repr(replace(step, span=_NOWHERE)) for step in control.steps]
    looked_at = sorted({c.what for c in control.checks if engine in c.engines})
    upstreams = sorted((str(origin), each.url) for origin, each in control.upstreams.items())
    served = (sorted(control.hosts.items()), sorted(control.pages.items()), control.provider, upstreams)
    text = repr((served, steps, looked_at, control.timeout_s))
    return hashlib.sha256(text.encode()).hexdigest()


_NOWHERE = Span(0, 0, 0)
