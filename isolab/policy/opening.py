"""Whether a way of opening a window asks for no opener (HTML, 7.2.2.1 window open steps; 4.6.4 links)."""

from __future__ import annotations

import re
from typing import Literal

from isolab.policy.document import Document
from isolab.policy.site import same_site
from isolab.policy.terms import Origin

FEATURES_SOURCE = "https://html.spec.whatwg.org/multipage/nav-history-apis.html#window-open-steps"
LINK_SOURCE = "https://html.spec.whatwg.org/multipage/links.html#get-an-element's-noopener"


Choice = Literal["this", "existing", "new", "new without opener"]
"""Which window is chosen; `this`: that of the document that opens, or the one around it."""
CHOOSING_SOURCE = "https://html.spec.whatwg.org/multipage/document-sequences.html#the-rules-for-choosing-a-navigable"
_KEYWORDS = ("", "_self", "_parent", "_top")


def choose_window(target: str, *, noopener: bool, named: bool = False) -> Choice:
    """Choose the window that a target means; `named`: whether a window of that name is within reach.

    `noopener` changes nothing about targets that mean windows around the document; since May 2025 no window is looked
    up by name for it. What window.open does without a target is done with `_blank`.
    """
    if target.lower() in _KEYWORDS:
        return "this"
    if noopener:
        return "new without opener"
    return "existing" if named and target.lower() != "_blank" else "new"


def window_open_without_opener(features: str) -> bool:
    """Whether window.open's third argument asks for no opener: `noopener` and `noreferrer=1` do, `noopener=no` not.

    Of a feature that is given twice the last counts; between `=` and the value any number of `=` may stand.
    """
    given = dict(re.findall(r"([^\s,=]+)(?:\s*=[\s=]*([^\s,=]*))?", features.lower()))
    return any(_is_on(given[name]) for name in ("noopener", "noreferrer") if name in given)


def link_without_opener(rel: str, target: str) -> bool:
    """Whether a link's window gets no opener: by its `rel`, or by `target=_blank` without `rel=opener`."""
    words = rel.lower().split()
    return bool({"noopener", "noreferrer"} & set(words)) or (target.lower() == "_blank" and "opener" not in words)


def blob_without_opener(creator: Document, blob: Origin | None) -> bool:
    """Whether `creator` opens a blob: URL of another site than its top-level document's: then it gets no opener.

    `blob` is the origin of the document that made the URL (HTML, 7.2.2.1 and 4.6.5).
    """
    return not same_site(blob, creator.top.origin)


def _is_on(value: str) -> bool:
    """Parse a boolean feature (HTML, 7.2.2.1)."""
    number = re.match(r"[+-]?\d+", value)
    return value in ("", "yes", "true") or (number is not None and int(number.group()) != 0)
