"""The sentences about false fixes: each function gives why it does not help, and what does."""

from __future__ import annotations

from isolab.policy.coop import COOP
from isolab.policy.corp import CORP, read_corp
from isolab.policy.document import Document
from isolab.policy.group_switch import OpenerPrediction, Passage
from isolab.policy.isolation_policy import DIP
from isolab.policy.response import Hop
from isolab.policy.wording import printable

Words = tuple[str, str]
_ALLOW = "same-origin-allow-popups"
_OTHER_WAYS = "sign in over a BroadcastChannel, by redirect, or on a page of its own (isolab advise)"


def everywhere(passage: Passage, top: Document) -> Words:
    """The app's page that opens has the value, as it should, and so has its page in the popup."""
    why = f"{_ALLOW} belongs on {top.url}, which opens the popup; on {passage.hop.url}, in the popup, it cuts the link"
    return why, f"send no {COOP} on {passage.hop.url}"


def elsewhere(passage: Passage, top: Document, fate: OpenerPrediction) -> Words:
    """The value is on a page in the popup, and not on the one that opens it or not only there."""
    url, sends = passage.hop.url, top.opener_policy.value
    cuts = fate.cut is None or passage.cut == fate.cut
    does = "cuts the link" if cuts else "does not keep the link, which is cut before"
    why = f"{_ALLOW} on {url} {does}: it is for the page that opens the popup, {top.url}, not for pages in it"
    wants_it = "" if sends in (_ALLOW, "unsafe-none") else f", and {_ALLOW} on {top.url}, which sends {sends}"
    return why, f"send no {COOP} on {url}{wants_it}"


def not_isolated(url: str, value: str) -> Words:
    """The value that saves popups is on a page that wants isolation."""
    why = f"{printable(value)} on {url} keeps popups and costs isolation: no SharedArrayBuffer, whatever COEP is sent"
    only = "only same-origin with COEP isolates in every engine, and it cuts popups of other origins"
    beside = f"{DIP} isolates beside {printable(value)}, in Chromium alone"
    return why, f"{only}: {_OTHER_WAYS}; {beside}"


def credentialless(url: str) -> Words:
    """A page is isolated by a value that WebKit does not know."""
    why = f"WebKit (Safari) does not know credentialless: {url} is not isolated there, which is why things load again"
    return why, "require-corp isolates in every engine: then what it loads from other origins needs CORP or CORS"


def corp_on_a_page(document: Document) -> Words:
    """A page wants isolation, and sends CORP instead of COEP."""
    sent = read_corp(document.response.headers)
    why = f"{CORP}: {sent} on {document.url} says who may load it; it isolates nothing"
    return why, f"send Cross-Origin-Embedder-Policy: require-corp and {COOP}: same-origin on {document.url}"


def corp(kind: str, last: Hop, document: Document) -> Words:
    """A frame or a worker is blocked for want of COEP, and sends CORP."""
    what = "frame" if kind == "iframe" else kind
    value = document.embedder_policy.value
    why = f"{CORP}: {read_corp(last.headers)} does not let the {what} {last.url} in: under {value} a {what} needs COEP"
    return why, f"send Cross-Origin-Embedder-Policy: require-corp on {last.url}, too"


def report_only(url: str, fate: OpenerPrediction) -> Words:
    """A report-only header would cut the link; it is what Chromium's console warns of."""
    why = (
        f'"would block the window.closed call" comes from {url}, whose {COOP}-Report-Only only reports: it cut nothing'
    )
    if fate.cut is not None:
        return why, f"the link is cut by {fate.cut.url}"
    return why, "the link is kept: look elsewhere for what is broken"
