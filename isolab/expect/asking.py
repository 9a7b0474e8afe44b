"""How a page asks for what is at a URL: by the request that the browser sent, else by the element that does.

The request's `Sec-Fetch-Dest` and `Sec-Fetch-Mode` say it best (Fetch Metadata Request Headers, 2.1 and 2.2). Measured:
Chromium's driver does not have them of a request whose answer is kept from the page, nor that answer.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from time import monotonic
from typing import Any, cast, get_args
from urllib.parse import urldefrag

from isolab.expect.recorded import is_watched
from isolab.expect.scripts import ASKED, ASKS
from isolab.expect.sent import SCRIPTED, is_broken_off, last, requests_for, tells_end
from isolab.expect.steps import Steps
from isolab.expect.waits import LOOK_MS, asked, comes_to, hears
from isolab.explain.piped import origin_of
from isolab.policy.request import Credentials, Kind, Mode, Request, request_for
from isolab.policy.site import same_origin

_ELEMENTS: Mapping[str, Kind] = {"iframe": "iframe", "frame": "iframe", "script": "script", "link": "style"}
"""By an element's name; all others load as images do."""
_TYPES: Mapping[str, Kind] = {
    "document": "iframe",
    "image": "image",
    "script": "script",
    "stylesheet": "style",
    "fetch": "fetch",
    "xhr": "fetch",
}
"""By what Playwright calls a request; of all others it only matters whether they ask by CORS."""
_ASKED_BY: Mapping[str, Sequence[str]] = {
    "image": ("img", "link"),
    "script": ("script", "link"),
    "stylesheet": ("link",),
    "document": ("iframe", "frame", "object", "embed"),
    "media": ("video", "audio", "source"),
}
"""The elements that send such a request."""
_WITHOUT_ORIGIN = ("GET", "HEAD")
"""The methods whose requests have an Origin only by CORS (Fetch, "append a request `Origin` header")."""
_SIMPLE_METHODS = ("GET", "HEAD", "POST")
_SIMPLE_TYPES = ("text/plain", "multipart/form-data", "application/x-www-form-urlencoded")
_BROWSERS_OWN = frozenset(
    {"accept", "accept-encoding", "accept-language", "cache-control", "connection", "content-length", "cookie", "dnt"}
    | {"host", "origin", "pragma", "priority", "range", "referer", "te", "upgrade-insecure-requests", "user-agent"}
)
"""The headers that a page may set without a preflight, and those that browsers set."""
_KEPT_BY_CORP = ("BLOCKED_BY_RESPONSE", "DOM_CORP_FAILED")
"""What the errors of Chromium and of Firefox have in them."""

Elements = Sequence[tuple[str, Mapping[str, str]]]
"""Elements of a page, each with its name and attributes."""


@dataclass(frozen=True, slots=True)
class Asking:
    """How it is asked for; `sent` is the last request, None where the browser is not known to have sent one.

    `asks` counts the requests that the page has sent for it, in whichever way.
    `element`: the name of the one that asks, "" for none; `integrity` what it demands of the answer. `ended` counts
    the answers that the page's performance timeline has, `readable`: CORS lets the page read that to `sent`, None where
    the timeline does not say.
    `pending`: the last request has neither an answer nor an end; `certain`: the browser itself said how it asks;
    `later`: its element asks when it comes into view; `module`: one of its elements is a script of that type. No
    `request`: how it asks is not known any more.
    """

    request: Request | None
    sent: Any = None
    element: str = ""
    integrity: str = ""
    asks: int = 0
    ended: int = 0
    readable: bool | None = None
    pending: bool = False
    certain: bool = False
    later: bool = False
    module: bool = False
    besides: tuple[tuple[Request, str], ...] = ()
    """How its elements ask for it, where not all do so alike, each with the integrity that it demands."""

    @property
    def manner(self) -> tuple[object, ...]:
        """What a page that asks in several ways asks by here."""
        return () if self.sent is None else _manner(self.sent)

    @property
    def method(self) -> str:
        """The last request's method."""
        return "GET" if self.sent is None else str(self.sent.method)

    @property
    def scripted(self) -> bool:
        """Whether a script asks, by `fetch` or `XMLHttpRequest`: of those the browsers tell all."""
        return self.sent is not None and self.sent.resource_type in SCRIPTED

    @property
    def broken_off(self) -> bool:
        """Whether the page itself has broken it off."""
        return self.sent is not None and is_broken_off(self.sent)

    @property
    def kept_by_corp(self) -> bool:
        """Whether the browser itself names CORP (Fetch, "cross-origin resource policy check"): so it asks `no-cors`."""
        said = None if self.sent is None else last(self.sent).failure
        return said is not None and any(word in said for word in _KEPT_BY_CORP)

    @property
    def preflighted(self) -> bool:
        """Whether a request by CORS has to be allowed by a preflight first (Fetch, "CORS-preflight request")."""
        if self.sent is None or self.request is None or self.request.kind != "fetch":
            return False
        given = {name: value for name, value in self.sent.headers.items() if not name.startswith(("sec-", ":"))}
        types = given.pop("content-type", "text/plain").partition(";")[0]
        return (
            self.sent.method not in _SIMPLE_METHODS or types not in _SIMPLE_TYPES or not given.keys() <= _BROWSERS_OWN
        )

    @property
    def by_service_worker(self) -> bool:
        """Whether the page's service worker answered it."""
        answer = None if self.sent is None else last(self.sent).existing_response
        return answer is not None and bool(answer.from_service_worker)


def asking(page: Any, url: str, timeout: float) -> Steps[list[Asking]]:
    """The ways in which a page asks for a URL, once it does and each is answered, oldest first.

    There are none where it does not within `timeout` milliseconds.
    """
    end = monotonic() + timeout / 1000
    while True:
        found = yield from _asking(page, url)
        left = end - monotonic()
        if found and not any(how.pending for how in found):
            return found
        if left <= 0:
            return (yield from _asking(page, url, ended=True)) if found else found
        wait = min(left * 1000, LOOK_MS)
        if found:
            yield from hears(page, "response", lambda response: urldefrag(response.url).url == url, wait)
        else:
            yield from comes_to(page, ASKS, url, wait)


def again(page: Any, url: str, how: Asking, *, ended: bool = False) -> Steps[Asking]:
    """How it is asked for in this way by now; where there was no request yet, in the first."""
    found = yield from _asking(page, url, ended=ended)
    same = (anew for anew in found if anew.request and (how.sent is None or anew.manner == how.manner))
    return next(same, how)


def _asking(page: Any, url: str, *, ended: bool = False) -> Steps[list[Asking]]:
    """`ended`: where what is asked alike has been answered before, what still waits does not count (long polling)."""
    elements, entries = yield from asked(page, ASKED, url)
    asks = yield from requests_for(page, url)
    if ended:
        asks = _settled(page, asks, len(entries))
    if not (elements or asks or entries):
        return []
    ways = _ways(asks)
    hows: list[Asking] = []
    for sent in ways or [None]:
        own = elements if len(ways) <= 1 else [each for each in elements if each[0] in _askers(sent)]
        hows += [(yield from _by(page, sent, own, asks, entries))]
    return hows


def _settled(page: Any, asks: list[Any], ended: int) -> list[Any]:
    """The requests without those that wait in vain, where of all that have ended it is told how."""
    told = [each for each in asks if last(each).existing_response or last(each).failure]
    if len(told) != ended and not all(tells_end(page, each) for each in asks):
        return asks
    manners = {_manner(each) for each in told}
    return [each for each in asks if each in told or _manner(each) not in manners]


def _ways(asks: Sequence[Any]) -> list[Any]:
    """The last request of each manner in which a page asks: what is asked alike is treated alike.

    But for a worker and a script of one address, which Chromium's driver does not tell apart.
    """
    by_manner: dict[object, Any] = {}
    for each in asks:
        # What a script breaks off, it has another request for, or none.
        before = by_manner.get(_manner(each))
        if before is None or not is_broken_off(each) or is_broken_off(before):
            by_manner[_manner(each)] = each
    ways = [each for each in asks if by_manner[_manner(each)] is each]
    return [each for each in ways if not is_broken_off(each)] or ways[-1:]


def _manner(request: Any) -> tuple[object, ...]:
    headers = request.headers
    return request.resource_type, request.method, "origin" in headers, headers.get("sec-fetch-dest")


def _askers(sent: Any) -> Sequence[str]:
    return _ASKED_BY.get(sent.resource_type, ())


def _by(page: Any, sent: Any, elements: Elements, asks: Sequence[Any], entries: list[Any]) -> Steps[Asking]:
    """How a page asks that has sent this request, None for none, and has these elements that may have."""
    element, attributes = elements[0] if elements else ("", {})
    answered = sent is not None and last(sent).existing_response is not None
    # Of a request on its way it would wait for the answer.
    headers = (yield sent.all_headers) if sent is not None and answered else {}
    by_origin = sent is not None and "origin" in sent.headers and sent.method in _WITHOUT_ORIGIN
    return Asking(
        _request(headers, element, attributes, sent, entries),
        sent,
        element,
        integrity=attributes.get("integrity", ""),
        asks=len(asks),
        ended=len(entries),
        readable=_readable(sent, asks, entries),
        pending=not (sent is None or answered or last(sent).failure) and _may_come(page, sent, asks, entries),
        certain="sec-fetch-dest" in headers or by_origin,
        later=attributes.get("loading") == "lazy",
        module=any(name == "script" and has.get("type", "").lower() == "module" for name, has in elements),
        besides=tuple(_besides(elements)),
    )


def _may_come(page: Any, sent: Any, asks: Sequence[Any], entries: Sequence[Any]) -> bool:
    """Whether it may still be told how a request has ended: of those of scripts the driver tells in any case."""
    return len(entries) < len(asks) or (sent.resource_type in SCRIPTED and is_watched(page))


def _readable(sent: Any, asks: Sequence[Any], entries: Sequence[tuple[str, bool]]) -> bool | None:
    """Whether the timeline says that CORS lets the page read an answer; it has them in the order of the requests."""
    if len(entries) == len(asks) and sent is not None:
        return entries[asks.index(sent)][1]
    return entries[-1][1] if entries and sent is (asks[-1] if asks else None) else None


def _besides(elements: Elements) -> Iterator[tuple[Request, str]]:
    """How the images, scripts and style sheets of a page ask that ask for the same, where not all do so alike."""
    asks = {
        (request_for(_ELEMENTS.get(name, "image"), attributes.items()), attributes.get("integrity", "")): None
        for name, attributes in elements
        if name in ("img", "script") or (name == "link" and "stylesheet" in attributes.get("rel", "").lower().split())
    }
    yield from asks if len(asks) > 1 else ()


def _request(
    headers: Mapping[str, str], element: str, attributes: Mapping[str, str], sent: Any, entries: list[Any]
) -> Request | None:
    if "sec-fetch-dest" in headers:
        return _as_said(headers, attributes)
    if sent is not None and sent.is_navigation_request():
        return request_for("iframe", attributes.items())
    if sent is not None and "origin" in sent.headers and sent.method in _WITHOUT_ORIGIN:
        return Request(_TYPES.get(sent.resource_type, "fetch"), "cors", _credentials("cors", {}, attributes))
    if element:
        return request_for(_ELEMENTS.get(element, "image"), attributes.items())
    return None if sent is None else _as_typed(sent, entries)


def _as_said(headers: Mapping[str, str], attributes: Mapping[str, str]) -> Request:
    dest, mode = headers["sec-fetch-dest"], headers.get("sec-fetch-mode", "no-cors")
    if mode == "navigate":
        # Of a frame, an `object` or an `embed`.
        return request_for("iframe", attributes.items())
    kind = cast("Kind", dest if dest in get_args(Kind) else "fetch")
    return Request(kind, cast("Mode", mode), _credentials(mode, headers, attributes))


def _credentials(mode: str, headers: Mapping[str, str], attributes: Mapping[str, str]) -> Credentials:
    asked_with = attributes.get("crossorigin", "").lower() == "use-credentials" or "cookie" in headers
    return "include" if mode == "no-cors" or asked_with else "same-origin"


def _as_typed(sent: Any, entries: list[Any]) -> Request:
    # Of a worker that is kept out the timeline has nothing, of a script it has; and no page has a worker from another
    # origin (HTML, "run a worker"), but its workers have scripts from there.
    timed = any(initiator in ("script", "link") for initiator, _ in entries)
    if sent.resource_type == "script" and not timed and _is_of_its_origin(sent):
        return request_for("worker")
    return request_for(_TYPES.get(sent.resource_type, "image"))


def _is_of_its_origin(sent: Any) -> bool:
    """Whether a request goes to the origin of the page that sends it, as far as that has one by its address."""
    try:
        return same_origin(origin_of(sent.url), origin_of(sent.frame.url))
    except ValueError:
        return True


def ways_to_ask(how: Asking) -> Iterator[Request]:
    """How it may be asked for, as far as the browser tells, likeliest first.

    Nobody tells whether a page's own `fetch()` was to carry credentials, and Chromium not how one asks that failed.
    """
    if how.request is None:
        return
    if how.request.kind == "fetch" and how.kept_by_corp:
        yield replace(how.request, mode="no-cors", credentials="include")
        return
    yield how.request
    if how.request.kind != "fetch":
        return
    by_cors = replace(how.request, mode="cors", credentials="same-origin")
    if how.request.mode == "cors" or not how.certain:
        yield by_cors
        if not how.preflighted:
            yield replace(by_cors, credentials="include")
    if not (how.certain or how.preflighted):
        yield replace(how.request, mode="no-cors", credentials="include")
