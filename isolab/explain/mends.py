"""The smallest change of headers with which a popup's link lasts, by the rules alone: whose header, and to what.

Pure: a link as it came out goes in. Whether the page may give up what a header gives it is for others to say.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from isolab.explain.false_fixes import Link
from isolab.explain.resending import sending
from isolab.policy.coop import COOP
from isolab.policy.document import Document
from isolab.policy.group_switch import OpenerPrediction, opener_fate
from isolab.policy.isolation import document_isolation
from isolab.policy.response import Hop
from isolab.policy.site import same_origin

ALLOW_POPUPS = "same-origin-allow-popups"


@dataclass(frozen=True, slots=True)
class Mend:
    """Who has to send what.

    `alike` is the URL of a page of the opener's own origin that may send the opener's headers as well, `of`: whose; ""
    where that does not do. `opener` is the URL that has to send same-origin-allow-popups, "" where none has to: then it
    would not be isolated any more, where `isolated` says that it is. `silent` are the URLs that have to send no COOP.
    """

    alike: str = ""
    of: str = ""
    opener: str = ""
    silent: tuple[str, ...] = ()
    isolated: bool = False

    def __str__(self) -> str:
        both = " and ".join(filter(None, (self._allowing(), self._silent())))
        alike = f"send on {self.alike} the Cross-Origin headers of {self.of} as well" if self.alike else ""
        return ", or ".join(filter(None, (alike, both)))

    def _allowing(self) -> str:
        cost = f", which gives up its isolation{',' if self.silent else ''}" if self.isolated else ""
        return f"send `{COOP}: {ALLOW_POPUPS}` on {self.opener}{cost}" if self.opener else ""

    def _silent(self) -> str:
        return f"send no {COOP} on {' and '.join(self.silent)}" if self.silent else ""


def mend(link: Link) -> Mend | None:
    """The change that touches the fewest responses; None where the link lasts anyway, or headers cannot mend it."""
    if _fate(link) == "preserved":
        return None
    top, alike = link.creator.top, _alike(link)
    silent, both = _silenced(link), _silenced(_allowing_popups(link))
    if silent is not None and (both is None or len(silent) <= len(both) + 1):
        return Mend(alike, top.url, silent=silent)
    if both is not None and top.opener_policy.value != ALLOW_POPUPS:
        gone = document_isolation(top).isolated and not document_isolation(_allowing(link.creator).top).isolated
        return Mend(alike, top.url, top.url, both, isolated=gone)
    return Mend(alike, top.url) if alike else None


def _alike(link: Link) -> str:
    """The popup's response that cuts, if the link lasts once it sends what the opener does."""
    cut, top = _predicted(link).cut, link.creator.top
    isolating = top.opener_policy.value in ("same-origin", "same-origin-plus-COEP")
    if cut is None or cut.window != "popup" or not isolating or not same_origin(cut.origin, top.origin):
        return ""
    headers = top.response.headers
    alike = _rewritten(link, lambda hop: replace(hop, headers=headers) if hop.url == cut.url else hop)
    return cut.url if _fate(alike) == "preserved" else ""


def _predicted(link: Link) -> OpenerPrediction:
    return opener_fate(link.creator, link.life, noopener=link.noopener)


def _fate(link: Link) -> str:
    return _predicted(link).fate


def _silenced(link: Link) -> tuple[str, ...] | None:
    """Take the header off one response after the other that cuts, until the link lasts: their URLs."""
    silent: list[str] = []
    while (predicted := _predicted(link)).fate != "preserved":
        cut = predicted.cut
        if cut is None or not cut.header or cut.window != "popup" or cut.url in silent:
            return None
        if _resource(cut.url) == _resource(link.creator.top.url):
            # What it sends, it sends to the opener's window as well.
            return None
        silent.append(cut.url)
        link = _rewritten(link, lambda hop: sending(hop, COOP, None) if hop.url in silent else hop)
    return tuple(silent)


def _allowing_popups(link: Link) -> Link:
    """The link once the opener's page lets popups keep their opener, also where that page shows in the popup."""
    page = _resource(link.creator.top.url)
    changed = _rewritten(link, lambda hop: sending(hop, COOP, ALLOW_POPUPS) if _resource(hop.url) == page else hop)
    return replace(changed, creator=_allowing(link.creator))


def _rewritten(link: Link, change: Callable[[Hop], Hop]) -> Link:
    """The same link with each response of its life as `change` has it."""
    return replace(link, life=[replace(each, hops=tuple(map(change, each.hops))) for each in link.life])


def _resource(url: str) -> str:
    """A URL without query and fragment: what sends the same headers, as far as anybody can tell."""
    return url.partition("#")[0].partition("?")[0]


def _allowing(document: Document) -> Document:
    """The same document under a top-level one that lets its popups keep their opener."""
    if document.parent is not None:
        return replace(document, parent=_allowing(document.parent))
    return replace(document, response=sending(document.response, COOP, ALLOW_POPUPS))
