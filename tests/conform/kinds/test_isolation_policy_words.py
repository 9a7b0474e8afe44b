from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from isolab.conform.kinds.isolation_policy_words import CREDENTIALLESS, REQUIRE_CORP, document_of
from isolab.conform.reader import NotStagedError


@pytest.mark.parametrize(
    ("words", "policy"),
    [
        ("top none", "none"),
        ("no-DIP opener", "none"),
        ("page", "none"),
        ("DIP frame", REQUIRE_CORP),
        ("page with DIP", REQUIRE_CORP),
        ("frame isolate-and-credentialless", CREDENTIALLESS),
        ("isolate-and-credentialless frame", CREDENTIALLESS),
    ],
)
def test_policies_before_and_behind_the_noun(words: str, policy: str) -> None:
    assert document_of(words).isolation_policy.value == policy


@pytest.mark.parametrize(("outer", "another"), [(REQUIRE_CORP, CREDENTIALLESS), (CREDENTIALLESS, REQUIRE_CORP)])
def test_policies_beside_the_one_around(outer: str, another: str) -> None:
    parent = document_of(f"{outer} frame")
    assert document_of("same-origin child with the same DIP", parent).isolation_policy.value == outer
    assert document_of("child with another DIP", parent).isolation_policy.value == another
    assert document_of("child with another DIP", document_of("page")).isolation_policy.value == REQUIRE_CORP


@pytest.mark.parametrize("words", ["COI top", "top (COOP+COEP)", "COI DIP top (COOP+COEP)"])
def test_an_isolated_top_and_what_it_lets_in(words: str) -> None:
    top = document_of(words)
    assert top.opener_policy.value == "same-origin-plus-COEP"
    assert document_of("cross-origin frame", top).embedder_policy.strict


def test_relations_are_to_the_document_around_or_beside() -> None:
    top = document_of("top")
    frame = document_of("cross-origin frame", top)
    assert [each.origin == top.origin for each in (frame, document_of("same-origin frame", top))] == [False, True]
    child = document_of("same-origin child", frame)
    assert (child.origin, child.parent) == (frame.origin, frame)
    far = document_of("cross-site child", document_of("cross-site frame", top))
    assert far.origin == top.origin
    assert document_of("same-origin popup", apart=frame).parent is None


@pytest.mark.parametrize("words", ["DIP", "strange-origin frame", "DIP frame none", "frame with a DIP", ""])
def test_words_that_are_not_known_are_refused(words: str) -> None:
    with pytest.raises(NotStagedError, match="the row's subtest says"):
        document_of(words)


NOUNS = st.sampled_from(["top", "frame", "child", "popup", "opener", "page", "document"])
RELATIONS = st.sampled_from(["same-origin", "same-site", "cross-origin", "cross-site"])


@given(RELATIONS, st.sampled_from(["none", "no-DIP", "DIP", REQUIRE_CORP, CREDENTIALLESS]), NOUNS)
def test_a_policy_means_the_same_before_and_behind_the_noun(relation: str, policy: str, noun: str) -> None:
    top = document_of("top")
    before = document_of(f"{relation} {policy} {noun}", top)
    assert before == document_of(f"{relation} {noun} {policy}", top)
    assert before.isolation_policy.strict is (policy not in ("none", "no-DIP"))
    assert before.same_origin_with_top is (relation == "same-origin")
