from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from kind_world import ruled

from isolab.conform.reader import NotStagedError

COI = {"coop": "same-origin", "coep": "require-corp"}


@pytest.mark.parametrize(
    ("sentence", "result"),
    [
        ("nested same-origin iframe", "shared"),
        ("BroadcastChannel to two same-origin iframes", "shared"),
        ("BroadcastChannel to three cross-site iframes", "messageerror"),
        ("same-site iframe posts/receives", "messageerror"),
        ("MessageChannel to dedicated worker", "shared"),
        ("shared worker over MessageChannel", "messageerror"),
        ("nested shared workers", "messageerror"),
        ("dedicated worker inside a dedicated worker", "shared"),
        ("window <-> dedicated worker", "shared"),
        # The frame is not isolated: it may not even post.
        ("window <-> same-site iframe", "messageerror one way, DataCloneError the other"),
        (
            "BroadcastChannel: service worker gets messageerror, dedicated worker gets it",
            "messageerror for service worker; shared for dedicated",
        ),
    ],
)
def test_sentences_about_other_receivers(sentence: str, result: str) -> None:
    assert ruled("sab", subtest=sentence, document=COI)["result"] == result


@pytest.mark.parametrize(
    "sentence", ["dedicated worker", "window <-> dedicated worker", "same-origin opened window (also COOP+COEP)"]
)
def test_a_page_that_is_not_isolated_gets_an_exception(sentence: str) -> None:
    found = ruled("sab", subtest=sentence, document={"coop": "same-origin"})["result"]
    assert found.startswith("DataCloneError")


@pytest.mark.parametrize(
    "sentence",
    [
        "same-origin opened window",
        "cross-site opened window (also COOP+COEP)",
        "audio worklet",
        "BroadcastChannel: dedicated worker explodes",
        "same-origin iframe at full moon",
    ],
)
def test_a_sentence_that_is_not_known_is_refused(sentence: str) -> None:
    with pytest.raises(NotStagedError, match=r"the row's subtest or global says .*, which is not known"):
        ruled("sab", subtest=sentence, document=COI)


PARTS = [
    "window",
    "dedicated worker",
    "shared worker",
    "nested ",
    "same-site iframe",
    " inside ",
    " over MessageChannel",
]


@given(st.lists(st.sampled_from([*PARTS, "window <-> ", " gets it", "BroadcastChannel: ", ", "])).map("".join))
def test_words_in_any_order_are_read_or_refused(sentence: str) -> None:
    try:
        found = ruled("sab", subtest=sentence, document=COI)
    except NotStagedError:
        return
    # Without a sentence a row is about what is never done.
    assert ("result" in found) is bool(sentence)
