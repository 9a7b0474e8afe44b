from __future__ import annotations

import pytest
from conform_rows import parse_row

from isolab.conform.reader import NotStagedError
from isolab.conform.stages.parse import act
from isolab.explain.explain import explain_case

COOP, COEP = "Cross-Origin-Opener-Policy", "Cross-Origin-Embedder-Policy"
DIP, CORP = "Document-Isolation-Policy", "Cross-Origin-Resource-Policy"


POLICIES = ["unsafe-none", "same-origin", "same-origin-allow-popups", "noopener-allow-popups"]


@pytest.mark.parametrize("value", POLICIES)
def test_each_opener_policy_shows_by_other_fates_than_any_other(value: str) -> None:
    expected = act(parse_row(COOP, value, effective=value)).scene.expect
    assert fates(value, effective=value) == expected
    assert [other for other in POLICIES if fates(other, effective=value) == expected] == [value]


def fates(value: str, *, effective: str) -> dict[str, object]:
    """What the rules say of a value in the scene for another one."""
    explained = explain_case(act(parse_row(COOP, value, effective=effective)).scene.case("a/01"))
    return {f"{link.popup}.opener": link.fate for link in explained.links}


@pytest.mark.parametrize(
    ("header", "value", "effective", "load"),
    [
        (COEP, "require-corp", "require-corp", "blocked"),
        (COEP, "credentialless", "credentialless", "blocked"),
        (COEP, "Require-corp", "unsafe-none", "loaded"),
        (DIP, "isolate-and-require-corp", "isolate-and-require-corp", "blocked"),
        (DIP, "none", "none", "loaded"),
        (CORP, "same-origin", "same-origin", "blocked"),
        (CORP, "same-origin,", None, "loaded"),
    ],
)
def test_other_policies_show_by_what_is_loaded(header: str, value: str, effective: object, load: str) -> None:
    played = act(parse_row(header, value, effective=effective))
    ((what, wanted),) = played.scene.expect.items()
    assert (what, wanted) == (played.claims["effective"], load)
    (page,) = explain_case(played.scene.case("a/01")).pages
    assert [note.load for note in page.embeds] == [load]


@pytest.mark.parametrize(
    ("header", "effective"), [(COOP, "strict"), (DIP, "isolate-and-credentialless"), ("X-Frame-Options", None)]
)
def test_what_nothing_shows_is_refused(header: str, effective: object) -> None:
    with pytest.raises(NotStagedError):
        act(parse_row(header, "a", effective=effective))
