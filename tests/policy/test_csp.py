from __future__ import annotations

import pytest
from policy_world import APP, document, goes, page

from isolab.policy.csp import CSP, directives, sandbox_tokens, without
from isolab.policy.document import Document
from isolab.policy.group_switch import opener_fate

ESCAPES = "sandbox allow-popups allow-scripts allow-same-origin allow-popups-to-escape-sandbox"


def test_the_first_of_a_name_counts_in_each_policy() -> None:
    lines = (
        (CSP, "default-src x; FRAME-ancestors 'none'; frame-ancestors *"),
        (CSP, "frame-ancestors 'self', img-src y"),
    )
    assert directives(lines, "frame-ancestors") == (("'none'",), ("'self'",))
    assert directives((("Content-Security-Policy-Report-Only", "sandbox"),), "sandbox") == ()


@pytest.mark.parametrize(
    ("values", "tokens"),
    [
        ((), None),
        (("default-src x",), None),
        (("sandbox",), set()),
        (("sandbox Allow-Scripts",), {"allow-scripts"}),
        (("sandbox allow-scripts allow-popups", "sandbox allow-popups"), {"allow-popups"}),
    ],
)
def test_sandboxes_add_up(values: tuple[str, ...], tokens: set[str] | None) -> None:
    assert sandbox_tokens([(CSP, value) for value in values]) == tokens


def test_a_sandboxed_response_has_an_opaque_origin() -> None:
    assert document(csp="sandbox allow-scripts").origin is None
    assert document(csp="sandbox allow-same-origin").origin == APP
    assert Document(page(), document(csp="sandbox allow-scripts")).origin is None


@pytest.mark.parametrize("tokens", ["", "allow-same-origin"])
def test_popups_of_a_sandboxed_page_refuse_opener_policies(tokens: str) -> None:
    opener = document(csp=f"sandbox allow-popups allow-scripts {tokens}")
    assert opener_fate(opener, [goes(page(coop="same-origin"))]).fate == "not-loaded"
    assert opener_fate(opener, [goes(page())]).fate == "preserved"
    assert opener_fate(document(csp=ESCAPES), [goes(page(coop="same-origin"))]).fate == "severed"


def test_a_sandboxed_popup_goes_on_to_an_opener_policy_of_its_own_accord() -> None:
    life = [goes(page(csp="sandbox allow-popups allow-same-origin")), goes(page(coop="same-origin"))]
    found = opener_fate(document(), life)
    assert (found.fate, found.cut and found.cut.navigation) == ("severed", 1)


def test_a_response_that_sandboxes_itself_matches_no_origin() -> None:
    opaque = page(coop="same-origin", csp="sandbox allow-scripts")
    assert opener_fate(document(coop="same-origin"), [goes(opaque)]).fate == "severed"
    kept = page(coop="same-origin", csp="sandbox allow-same-origin")
    assert opener_fate(document(coop="same-origin"), [goes(kept)]).fate == "preserved"


@pytest.mark.parametrize(
    ("value", "rest"),
    [
        ("frame-ancestors 'none'", ""),
        ("default-src 'self'; Frame-Ancestors https://a.example; img-src *", "default-src 'self'; img-src *"),
        ("frame-ancestors 'self', sandbox", "sandbox"),
        ("img-src *", "img-src *"),
    ],
)
def test_one_directive_is_taken_out(value: str, rest: str) -> None:
    assert without(value, "frame-ancestors") == rest
