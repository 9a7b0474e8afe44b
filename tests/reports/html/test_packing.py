from __future__ import annotations

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from isolab.reports.html.packing import Packed, Plain, pack

VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-9, 9)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
)


def unpacked(packed: Packed, number: int) -> Any:
    """What unpack.js makes of a node."""
    node = packed["nodes"][number]
    if not isinstance(node, list):
        return node
    shape, *parts = node
    values = [unpacked(packed, part) for part in parts]
    return values if shape < 0 else dict(zip(packed["shapes"][shape], values, strict=True))


@given(st.lists(VALUES, max_size=4))
def test_what_is_packed_can_be_unpacked(values: list[Plain]) -> None:
    packed = json.loads(json.dumps(pack(values)))
    # As text, since True and 1 are equal.
    assert json.dumps([unpacked(packed, root) for root in packed["roots"]]) == json.dumps(values)


def test_what_is_the_same_is_written_once() -> None:
    one: Plain = {"headers": ["Cross-Origin-Opener-Policy: same-origin"], "status": 200}
    once, twice = pack([one]), pack([one, {"status": 200, "headers": ["Cross-Origin-Opener-Policy: same-origin"]}, one])
    assert len(twice["nodes"]) == len(once["nodes"]) + 1
    assert twice["roots"][0] == twice["roots"][2]


def test_true_and_one_stay_apart() -> None:
    packed = pack([True, 1, 1.0])
    assert [type(unpacked(packed, root)) for root in packed["roots"]] == [bool, int, float]


def test_zero_keeps_its_sign() -> None:
    packed = pack([0.0, -0.0])
    assert [str(unpacked(packed, root)) for root in packed["roots"]] == ["0.0", "-0.0"]
