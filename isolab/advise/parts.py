"""What the frames and workers of the page with the button need where that sends COEP.

A frame needs an embedder policy of its own (HTML, "check a navigation response's adherence to its embedder policy"),
from another origin a resource policy too (Fetch, "cross-origin resource policy check"); a worker inherits none.
"""

from __future__ import annotations

from collections.abc import Mapping

from isolab.advise.own import Own
from isolab.advise.stance import Stance
from isolab.policy.coep import COEP
from isolab.policy.corp import CORP
from isolab.scenario.case import Forwarded, Page


def part_headers(pages: Mapping[str, Page], own: Own, stances: Mapping[str, Stance]) -> dict[str, dict[str, str]]:
    """What each part is to send, by its name: what is flown is what is configured.

    None where the page with the button sends no COEP; a part that shows in a window, too, sends what its stance says.
    """
    coep = stances[own.app].coep if own.app in stances else None
    if coep is None:
        return {}
    return {name: _headers(pages[name], pages[own.app], coep) for name in own.parts if name not in stances}


def _headers(part: Page, app: Page, coep: str) -> dict[str, str]:
    """Its opener policy is left, a resource policy that it sends already, and what a user's own server may send."""
    lacks = part.origin != app.origin and not part.header(CORP) and not isinstance(part.body, Forwarded)
    return {COEP: coep, **({CORP: "same-site"} if lacks else {})}
