"""What is wished for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Wish:
    """`isolated`: the page with the button has to be cross-origin isolated, beside a popup that works."""

    name: str
    title: str
    isolated: bool


WISHES: Mapping[str, Wish] = {
    wish.name: wish
    for wish in (
        Wish("isolated-popup", "SharedArrayBuffer on the app page and a working popup", isolated=True),
        Wish("strictest-popup", "the strictest headers with a working popup", isolated=False),
    )
}
