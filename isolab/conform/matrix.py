"""The exhaustive popup matrix: every pair of policies, in every relation, direct and over one redirect of each policy.

What its rows expect is what the rules predict; an engine says whether that is so.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import product

from isolab.conform.headers import HOSTS
from isolab.conform.kinds import popup
from isolab.conform.row import Json, Row

COOP = (None, "unsafe-none", "same-origin-allow-popups", "same-origin", "noopener-allow-popups")
COEP = (None, "require-corp", "credentialless")
DIRECT = "direct"
SOURCE = "https://html.spec.whatwg.org/multipage/browsers.html#matching-coop"


def matrix_rows() -> Iterator[Row]:
    """Make the rows: 15 openers, 15 popups, 3 relations, 6 ways, so 4050."""
    policies = list(product(COOP, COEP))
    for opener, shown, relation, via in product(policies, policies, HOSTS, (DIRECT, *COOP)):
        row = _row(opener, shown, relation, via)
        yield replace(row, expect={"state": popup.rule(row)["state"].value})


def _row(opener: tuple[str | None, str | None], shown: tuple[str | None, str | None], relation: str, via: Json) -> Row:
    names = {"opener": _name(*opener), "popup": _name(*shown), "relation": relation, "via": via or "absent"}
    hop = None if via == DIRECT else {"coop": via, "coep": None, "relation": relation, "status": 302}
    setting = {
        "opener": {"coop": opener[0], "coep": opener[1]},
        "redirect_via": hop,
        "popup": {"coop": shown[0], "coep": shown[1], "relation": relation},
    }
    values = ",".join(f"{key}={value}" for key, value in names.items())
    return Row(f"matrix[{values}]", "popup" if hop is None else "popup-redirect", setting, {}, SOURCE)


def _name(coop: str | None, coep: str | None) -> str:
    return f"{coop or 'absent'}+{coep}" if coep else coop or "absent"
