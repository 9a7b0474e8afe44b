"""What the frames and workers of the page with the button need where that sends COEP.

A frame needs an embedder policy of its own (HTML, "check a navigation response's adherence to its embedder policy"),
from another origin a resource policy too (Fetch, "cross-origin resource policy check"); a worker inherits none.
"""

from __future__ import annotations

from dataclasses import replace

from isolab.policy.coep import COEP
from isolab.policy.corp import CORP
from isolab.scenario.case import Forwarded, Page


def part_headers(part: Page, app: Page, coep: str) -> dict[str, str]:
    """What a part is to send, which is on the app's site. Its opener policy is left as it is.

    A resource policy that it sends already is left, and so is what a server of the user's own may send.
    """
    lacks = part.origin != app.origin and not part.header(CORP) and not isinstance(part.body, Forwarded)
    return {COEP: coep, **({CORP: "same-site"} if lacks else {})}


def dressed_part(part: Page, app: Page, coep: str) -> Page:
    """The part with these headers instead of its own, also where a server of the user's own sends it."""
    wanted = part_headers(part, app, coep)
    names = {name.lower() for name in wanted}
    kept = tuple((name, value) for name, value in part.headers if name.lower() not in names)
    body = replace(part.body, without=part.body.without | names) if isinstance(part.body, Forwarded) else part.body
    return replace(part, headers=(*kept, *wanted.items()), body=body)
