"""What each header about isolation does in the response that sends it, or why browsers ignore it there."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from difflib import get_close_matches
from typing import get_args
from urllib.parse import urljoin

from isolab.explain.model import HeaderNote, Ignored
from isolab.explain.piped import origin_of
from isolab.policy import coep, coop, corp, isolation_policy, permissions_policy
from isolab.policy.coep import CoepValue
from isolab.policy.coop import SentCoop
from isolab.policy.corp import CorpValue
from isolab.policy.fields import Keyword, combined, read_item, read_keyword
from isolab.policy.isolation_policy import DipValue
from isolab.policy.report_endpoints import REPORTING_ENDPOINTS, reporting_endpoints
from isolab.policy.response import Hop
from isolab.policy.secure import potentially_trustworthy
from isolab.policy.wording import printable

_COOP: Mapping[SentCoop, str] = {
    "unsafe-none": "as if it were not sent: the link between opener and popup depends on the other page",
    "same-origin": (
        "only pages of the same origin that send the same stay linked with it: "
        "any other popup that it opens, and any other page that opens it, loses the link"
    ),
    "same-origin-allow-popups": (
        "popups that it opens keep window.opener unless they send a Cross-Origin-Opener-Policy themselves; "
        "a page that opens it as a popup loses it, unless that is of the same origin and sends the same"
    ),
    "noopener-allow-popups": (
        "whoever opens it as a popup loses it, even from the same origin; "
        "popups that it opens keep window.opener unless they send a Cross-Origin-Opener-Policy themselves; "
        "Firefox does not know it, and takes it for unsafe-none"
    ),
}
_COEP: Mapping[CoepValue, str] = {
    "unsafe-none": "as if it were not sent: it may load what it likes, and is not isolated",
    "require-corp": (
        "what it loads from other origins needs Cross-Origin-Resource-Policy, or CORS; "
        "its frames and workers need a Cross-Origin-Embedder-Policy, too"
    ),
    "credentialless": (
        "what it loads from other origins without CORS is asked for without cookies; its frames and workers need "
        "Cross-Origin-Embedder-Policy and, frames from other origins, Cross-Origin-Resource-Policy"
    ),
}
_CORP: Mapping[CorpValue, str] = {
    "same-origin": "pages of other origins, ports included, cannot load it without CORS",
    "same-site": "pages of other sites cannot load it without CORS",
    "cross-origin": "every page may load it",
}
_ALONE = "it isolates this document alone, in a window or a frame, where the engine knows the header (Chromium does)"
_DIP: Mapping[DipValue, str] = {
    "none": "as if it were not sent: it isolates nothing",
    "isolate-and-require-corp": (
        f"{_ALONE}; what it loads from other origins, frames aside, needs Cross-Origin-Resource-Policy, or CORS"
    ),
    "isolate-and-credentialless": (
        f"{_ALONE}; what it loads from other origins without CORS, frames aside, is asked for without cookies"
    ),
}
_NOT_SECURE = Ignored("it is not read outside a secure context (https, or http on loopback)")
_IN_A_FRAME = Ignored("only the response of a window counts, not that of a frame or of something embedded")
_NO_PAGE = Ignored("the response brings no page (no content, or a download): the window shows what it showed before")
_ON_A_REDIRECT = Ignored("a redirect brings no document that could have it: send it on what the redirect leads to")
_UNREADABLE = Ignored("it is no structured dictionary, which is ignored as a whole")
_NO_CORP_VALUE = Ignored(f"it is none of {', '.join(get_args(CorpValue))} to the letter")
_REPORTED = "nothing changes; browsers only report what it would do"

_SHORT: Mapping[str, str] = {
    "COOP": coop.COOP,
    "COEP": coep.COEP,
    "CORP": corp.CORP,
    "DIP": isolation_policy.DIP,
}
"""What people call them, which no browser reads."""

_Reader = Callable[[Hop, str], tuple[str, Ignored | None]]


def misspelt(name: str) -> str | None:
    """Give the header about isolation that a name is not, and was meant for; None for one that means what it says."""
    if name.lower() in (known := {each.lower(): each for each in _HEADERS}):
        return None
    if name.upper() in _SHORT:
        return _SHORT[name.upper()]
    close = get_close_matches(name.lower(), known, n=1, cutoff=0.8)
    return known[close[0]] if close else None


def header_notes(hop: Hop, *, secure: bool, embedded: bool = False) -> tuple[HeaderNote, ...]:
    """A note for each header about isolation that a response sends, in the order of the standards.

    `secure`: it makes a secure context; `embedded`: it is no window's response.
    """
    return tuple(_notes(hop, secure=secure, embedded=embedded))


def _notes(hop: Hop, *, secure: bool, embedded: bool) -> Iterable[HeaderNote]:
    for name, (read, source, window_only, secure_only) in _HEADERS.items():
        value = combined(hop.headers, name)
        if value is None:
            continue
        effect, ignored = read(hop, name)
        if name != corp.CORP and hop.leaves_document:
            ignored = _NO_PAGE
        elif secure_only and not secure:
            ignored = _NOT_SECURE
        elif window_only and embedded:
            ignored = _IN_A_FRAME
        elif hop.redirects and name in _OF_DOCUMENTS:
            effect, ignored = _on_a_redirect(hop, name)
        yield HeaderNote(name, value, "" if ignored else effect, source, ignored)


def _coop(hop: Hop, name: str) -> tuple[str, Ignored | None]:
    read = read_keyword(hop.headers, name, get_args(SentCoop))
    effect = _COOP.get(read.value or "unsafe-none", "")
    if read.value == "same-origin" and coep.obtain_embedder_policy(hop.headers, secure_context=True).strict:
        both = "only what sends both is linked with it" if hop.redirects else "it isolates the page"
        effect += f"; with its Cross-Origin-Embedder-Policy {both}"
    return effect + _reported_to(hop, name), _ignored(read)


def _on_a_redirect(hop: Hop, name: str) -> tuple[str, Ignored | None]:
    """A redirect has an opener policy and brings no document: all else of it is for nothing, but what adds to that."""
    opener_policy = coop.obtain_opener_policy(hop.headers, secure_context=True)
    if name == coep.COEP and opener_policy.value == "same-origin-plus-COEP":
        return f"it adds to its {coop.COOP}, of which only what sends both is the same", None
    return "", _ON_A_REDIRECT


def _coep(hop: Hop, name: str) -> tuple[str, Ignored | None]:
    read = read_keyword(hop.headers, name, get_args(CoepValue))
    return _COEP.get(read.value or "unsafe-none", "") + _reported_to(hop, name), _ignored(read)


def _dip(hop: Hop, name: str) -> tuple[str, Ignored | None]:
    read = read_keyword(hop.headers, name, get_args(DipValue))
    return _DIP.get(read.value or "none", "") + _reported_to(hop, name), _ignored(read)


def _only_reported(hop: Hop, name: str) -> tuple[str, Ignored | None]:
    read = read_keyword(hop.headers, name, _REPORTED_VALUES[name])
    return _REPORTED + _reported_to(hop, name), _ignored(read)


def _reported_to(hop: Hop, name: str) -> str:
    """Say what keeps reports of a header from being sent although it asks for them."""
    given = read_item(hop.headers, name).parameters.get("report-to")
    if given is None:
        return ""
    if not isinstance(given, str):
        return "; its report-to is ignored, as it is no quoted string"
    url = reporting_endpoints(hop.headers).get(given)
    if url is not None and _takes_reports(hop.url, url):
        return ""
    if url is not None:
        return f'; its report-to, "{printable(given)}", is ignored, as {printable(url)} is not trustworthy (https)'
    return f'; its report-to, "{printable(given)}", is none of this response\'s {REPORTING_ENDPOINTS}'


def _takes_reports(base: str, url: str) -> bool:
    """Whether an endpoint is potentially trustworthy (Reporting API, "process reporting endpoints")."""
    try:
        return potentially_trustworthy(origin_of(urljoin(base, url)))
    except ValueError:
        return False


def _corp(hop: Hop, _name: str) -> tuple[str, Ignored | None]:
    value = corp.read_corp(hop.headers)
    return ("", _NO_CORP_VALUE) if value is None else (_CORP[value], None)


def _permission(hop: Hop, _name: str) -> tuple[str, Ignored | None]:
    allowed = permissions_policy.declared_allowlist(hop.headers, "cross-origin-isolated")
    if not permissions_policy.is_readable(hop.headers):
        return "", _UNREADABLE
    if allowed is None:
        return "it says nothing about isolation", None
    if not allowed:
        return "it switches isolation off, here and in every frame", None
    return f"isolation is for {' '.join(allowed)}; a frame of another origin needs it in its allow attribute, too", None


def _ignored(read: Keyword[str]) -> Ignored | None:
    return None if read.ignored is None else Ignored(read.ignored.reason, read.ignored.position)


_REPORTED_VALUES: Mapping[str, tuple[str, ...]] = {
    coop.COOP_REPORT_ONLY: get_args(SentCoop),
    coep.COEP_REPORT_ONLY: get_args(CoepValue),
    isolation_policy.DIP_REPORT_ONLY: get_args(DipValue),
}
_OF_DOCUMENTS = frozenset(
    {coep.COEP, coep.COEP_REPORT_ONLY, *_REPORTED_VALUES, isolation_policy.DIP, permissions_policy.HEADER}
    - {coop.COOP_REPORT_ONLY}
)
_HEADERS: Mapping[str, tuple[_Reader, str, bool, bool]] = {
    coop.COOP: (_coop, coop.SOURCE, True, True),
    coop.COOP_REPORT_ONLY: (_only_reported, coop.SOURCE, True, True),
    coep.COEP: (_coep, coep.SOURCE, False, True),
    coep.COEP_REPORT_ONLY: (_only_reported, coep.SOURCE, False, True),
    corp.CORP: (_corp, corp.SOURCE, False, False),
    isolation_policy.DIP: (_dip, isolation_policy.SOURCE, False, True),
    isolation_policy.DIP_REPORT_ONLY: (_only_reported, isolation_policy.SOURCE, False, True),
    permissions_policy.HEADER: (_permission, permissions_policy.SOURCE, False, False),
}
"""How each is read, its section, whether only a window's response counts, and whether only secure contexts read it."""
