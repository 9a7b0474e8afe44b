from __future__ import annotations

from isolab.conform.ruling import observations


def test_observations_are_named_by_their_path() -> None:
    expect = {"state": "severed", "before": {"name": {"kept": True}}, "reports": [{"endpoint": "a"}], "none": None}
    assert list(observations(expect)) == [
        ("state", "severed"),
        ("before.name.kept", True),
        ("reports", [{"endpoint": "a"}]),
        ("none", None),
    ]
