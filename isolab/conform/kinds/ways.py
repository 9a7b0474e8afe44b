"""The ways of opening a window, in the words of rows, and whether they ask for no opener."""

from __future__ import annotations

import re
from dataclasses import dataclass

from isolab.conform.reader import Reader
from isolab.policy.opening import Choice, choose_window, link_without_opener, window_open_without_opener

RETARGETING = "window.open re-targeting an existing named window"
MARKUP = re.compile(r"<(?P<element>a|area|form) (?:target=(?P<target>[^\s<>]+)|<base target=(?P<base>[^\s<>]+)>)>")
_SELECTOR = re.compile(r"(?:a|area|form)\[(?:target|rel=[\"']?(?P<rel>[^\]\"']*)[\"']?)\]")
_SOME_NAME = "named"
"""A target that is none of the keywords, where the row does not say which."""


@dataclass(frozen=True, slots=True)
class Way:
    """How a window is opened: whether without an opener, which window that means, and the name that it gets.

    `retargets`: a window of that name is there already.
    """

    noopener: bool
    choice: Choice
    name: str
    noreferrer: bool = False
    retargets: bool = False


def read_way(part: Reader) -> Way:
    """Read a row's `open`; without one it is a plain window.open. Raises NotStagedError for what is not known."""
    method = part.text("method", "window.open") or ""
    for pattern in (MARKUP, _SELECTOR):
        if found := pattern.fullmatch(method):
            return _link(part, **found.groupdict())
    if method not in ("window.open", RETARGETING):
        raise part.unknown("method")
    features = part.text("features") or ""
    noopener = part.flag("noopener") or window_open_without_opener(features)
    existing = method == RETARGETING
    name = part.text("name") or part.text("target") or ("" if not existing else _SOME_NAME)
    choice = choose_window(name or "_blank", noopener=noopener, named=existing)
    return Way(noopener, choice, _given(name), window_open_without_opener(_noreferrer(features)), existing)


def _link(part: Reader, target: str = "", base: str = "", rel: str | None = None, element: str = "") -> Way:  # noqa: ARG001
    target = target or base or _SOME_NAME
    words = part.text("rel", rel) or ""
    noopener = link_without_opener(words, target)
    choice = choose_window(target, noopener=noopener)
    return Way(noopener, choice, _given(target), "noreferrer" in words.lower().split())


def _given(target: str) -> str:
    return "" if target.lower() == "_blank" else target


def _noreferrer(features: str) -> str:
    """Leave of the features those that are about the referrer."""
    return ",".join(re.findall(r"noreferrer(?:\s*=\s*[^\s,=]*)?", features.lower()))
