from __future__ import annotations

import pytest

from isolab.scenario.places import place
from isolab.scenario.positions import Path


@pytest.mark.parametrize(
    ("path", "data", "words", "key"),
    [
        ((), {}, "the scenario", "title"),
        (("pages", "a"), {}, "page `a`", "with"),
        (("pages", "a", "embed", "b"), {"fetch": "x"}, "embed `b` of page `a` (fetch)", "mode"),
        (("hosts", "a"), {}, "host `a`", "relation"),
        (("flow", 1), {"popup": "x"}, "step 2 (popup)", "from"),
        (("expect", 0), {}, "an expectation", "when"),
        (("differences", 0), {}, "difference 1", "bug"),
    ],
)
def test_places_have_words_and_keys_as_the_file_has_them(path: Path, data: object, words: str, key: str) -> None:
    here = place(path, data)
    assert here.words == words
    assert key in here.keys
    assert not any(name.endswith("_") for name in here.keys)


def test_a_place_without_keys_of_its_own() -> None:
    assert place(("matrix", "a.b"), {}).words == "`matrix.a.b`"
    assert place(("flow", 0), "no mapping").keys == ()
