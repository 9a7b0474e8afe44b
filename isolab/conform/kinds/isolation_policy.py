"""Document-Isolation-Policy: who is within whose reach: kind dip. Most rows say what they do in a sentence."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence

from isolab.conform.headers import response_of
from isolab.conform.kinds.isolation_policy_words import document_of, unknown
from isolab.conform.kinds.loading import no_cors_rulings
from isolab.conform.reader import Reader
from isolab.conform.row import Row
from isolab.conform.ruling import Json, Ruling, Rulings
from isolab.policy.agent_cluster import (
    SOURCE,
    isolation_key,
    origin_keyed,
    reuses_initial_window,
    runs_javascript_url,
    same_agent_cluster,
)
from isolab.policy.cloning import post_module
from isolab.policy.document import Document
from isolab.policy.group_switch import opener_fate
from isolab.policy.inheritance import local_document
from isolab.policy.isolation import document_isolation
from isolab.policy.life import Navigation

_Pairs = Iterator[tuple[str, Ruling]]
_DENIED = "SecurityError"


def rule(row: Row) -> Rulings:
    """Rule on a row of this kind. Raises NotStagedError where it has what is not known."""
    setting = Reader(row.setting)
    form, parts = read_form(row.subtest)
    rulings = dict(_RULES[form](setting, parts))
    setting.finish()
    return rulings


def read_form(sentence: str) -> tuple[str, Sequence[str]]:
    """Say which form a row's sentence has, and its parts. Raises NotStagedError for one that is not known."""
    for form, pattern in FORMS.items():
        if match := pattern.fullmatch(sentence):
            return form, match.groups()
    raise unknown(sentence)


def _blob(setting: Reader, parts: Sequence[str]) -> _Pairs:
    """A frame makes a blob: URL and shows it in a frame of its own."""
    sandbox = frozenset({"allow-scripts"}) if parts[0] else None
    creator = Document(response_of(setting.part("document"), "/creator"), document_of("page"), sandbox)
    yield from no_cors_rulings(creator, "creator_")
    yield from no_cors_rulings(local_document("blob:", creator, parent=creator), "blob_")


def _blank(_: Reader, parts: Sequence[str]) -> _Pairs:
    parent = document_of(parts[1])
    child = local_document(parts[0], parent, parent=parent)
    yield "accessible", _of(same_agent_cluster(parent, child), parent, child)
    same = child.isolation_policy.value == parent.isolation_policy.value
    yield "inherits_policy", Ruling(same, child.isolation_policy.reason, child.isolation_policy.source)


def _first_window(_: Reader, parts: Sequence[str]) -> _Pairs:
    opener = document_of("opener")
    page = document_of(parts[0], apart=opener)
    yield "window_reused", _of(reuses_initial_window(local_document("about:blank", opener), page), opener, page)


def _javascript(_: Reader, parts: Sequence[str]) -> _Pairs:
    page = document_of(parts[0])
    frame = document_of(parts[1], page)
    yield "runs", _of(runs_javascript_url(page, frame), page, frame)


def _module(_: Reader, parts: Sequence[str]) -> _Pairs:
    page = document_of("page")
    found = post_module(page, document_of(parts[0], page))
    yield "event", Ruling("message" if found.outcome == "shared" else found.outcome, found.reason, found.source)


def _windows(_: Reader, parts: Sequence[str]) -> _Pairs:
    opener = document_of(parts[0])
    popup = document_of(parts[1], apart=opener)
    link = opener_fate(opener, [Navigation((popup.response,))])
    yield "opener_is_null", Ruling(link.fate != "preserved", link.reason, link.source)
    access = "object" if same_agent_cluster(opener, popup) else _DENIED
    for name in ("opener.document", "popup.document"):
        yield name, _of(access, opener, popup)


def _three(_: Reader, parts: Sequence[str]) -> _Pairs:
    top = document_of(parts[0])
    frame = document_of(parts[1], top)
    yield from _reach(frame, document_of(parts[2], frame))


def _two(_: Reader, parts: Sequence[str]) -> _Pairs:
    parent = document_of(parts[0])
    yield from _reach(parent, document_of(parts[1], parent))


def _one(_: Reader, parts: Sequence[str]) -> _Pairs:
    document = document_of(parts[0])
    yield "originAgentCluster", _of(origin_keyed(document), document, document)
    isolation = document_isolation(document)
    yield "crossOriginIsolated", Ruling(isolation.isolated, isolation.reason, isolation.source)


def _reach(parent: Document, frame: Document) -> _Pairs:
    """Rule on what a document and a frame in it get of one another."""
    together = same_agent_cluster(parent, frame)
    yield "contentDocument", _of("document" if together else None, parent, frame)
    yield "access", _of("object" if together else _DENIED, parent, frame)
    # A row whose outer document is the test's own tries from both sides, others from outside only.
    ways = " both ways" if parent.parent is None and parent.response.url.endswith("/top") else ""
    yield "cross_access", _of("object" if together else f"{_DENIED}{ways}", parent, frame)
    yield "same_agent_cluster", _of(together, parent, frame)
    isolation = document_isolation(parent)
    yield "crossOriginIsolated", Ruling(isolation.isolated, isolation.reason, isolation.source)


def _of(value: Json, a: Document, b: Document) -> Ruling:
    """Give the reason of all that agent clusters decide."""
    keys = [f"{each.url} ({each.origin}) is {_isolated(each)}" for each in (a, b)]
    return Ruling(value, " and ".join(dict.fromkeys(keys)), SOURCE)


def _isolated(document: Document) -> str:
    key = isolation_key(document)
    return "not isolated" if key is None else f"isolated on behalf of {key.origin}"


FORMS: Mapping[str, re.Pattern[str]] = {
    "blob": re.compile(r"blob: document from (sandboxed )?(?:no-)?DIP creator"),
    "blank": re.compile(r"(about:blank|about:srcdoc) child of an? (.+)"),
    "first window": re.compile(r"popup's initial about:blank -> (.+)"),
    "javascript": re.compile(r"(.+) runs javascript: URL in (.+)"),
    "module": re.compile(r"postMessage\(WebAssembly\.Module\) to (.+)"),
    "windows": re.compile(r"(.*opener) / (.+)"),
    "three": re.compile(r"(.+) with (.*frame); its (.+)"),
    "two": re.compile(r"(.+?) (?:/|with) ((?:same-origin|same-site|cross-origin|cross-site) .+)"),
    "one": re.compile(r"((?:(?!/|;).)+)"),
}
"""The forms of the sentences: the first that fits counts."""

_RULES: Mapping[str, Callable[[Reader, Sequence[str]], _Pairs]] = {
    "blob": _blob,
    "blank": _blank,
    "first window": _first_window,
    "javascript": _javascript,
    "module": _module,
    "windows": _windows,
    "three": _three,
    "two": _two,
    "one": _one,
}
"""What rules on each form."""
