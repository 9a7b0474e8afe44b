"""What each header about isolation does in the response that sends it, or why browsers ignore it there."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import get_args

from isolab.explain.model import HeaderNote, Ignored
from isolab.policy import coep, coop, corp, permissions_policy
from isolab.policy.coep import CoepValue
from isolab.policy.coop import SentCoop
from isolab.policy.corp import CorpValue
from isolab.policy.fields import Keyword, combined, read_keyword
from isolab.policy.response import Hop

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
        "popups that it opens keep window.opener unless they send a Cross-Origin-Opener-Policy themselves"
    ),
}
_COEP: Mapping[CoepValue, str] = {
    "unsafe-none": "as if it were not sent: it may load what it likes, and is not isolated",
    "require-corp": (
        "what it loads from other origins needs Cross-Origin-Resource-Policy, or CORS; "
        "its frames and workers need a Cross-Origin-Embedder-Policy, too"
    ),
    "credentialless": (
        "what it loads from other origins without CORS is asked for without cookies; "
        "its frames need Cross-Origin-Embedder-Policy and, from other origins, Cross-Origin-Resource-Policy"
    ),
}
_CORP: Mapping[CorpValue, str] = {
    "same-origin": "pages of other origins, ports included, cannot load it without CORS",
    "same-site": "pages of other sites cannot load it without CORS",
    "cross-origin": "every page may load it",
}
_NOT_SECURE = Ignored("it is not read outside a secure context (https, or http on loopback)")
_IN_A_FRAME = Ignored("only the response of a window counts, not that of a frame or of something embedded")
_NO_CORP_VALUE = Ignored(f"it is none of {', '.join(get_args(CorpValue))} to the letter")
_REPORTED = "nothing changes; browsers only report what it would do"

_Reader = Callable[[Hop, str], tuple[str, Ignored | None]]


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
        if secure_only and not secure:
            ignored = _NOT_SECURE
        elif window_only and embedded:
            ignored = _IN_A_FRAME
        yield HeaderNote(name, value, "" if ignored else effect, source, ignored)


def _coop(hop: Hop, name: str) -> tuple[str, Ignored | None]:
    read = read_keyword(hop.headers, name, get_args(SentCoop))
    effect = _COOP.get(read.value or "unsafe-none", "")
    if read.value == "same-origin" and coep.obtain_embedder_policy(hop.headers, secure_context=True).strict:
        effect += "; with its Cross-Origin-Embedder-Policy it isolates the page"
    return effect, _ignored(read)


def _coep(hop: Hop, name: str) -> tuple[str, Ignored | None]:
    read = read_keyword(hop.headers, name, get_args(CoepValue))
    return _COEP.get(read.value or "unsafe-none", ""), _ignored(read)


def _only_reported(hop: Hop, name: str) -> tuple[str, Ignored | None]:
    values = get_args(SentCoop) if name == coop.COOP_REPORT_ONLY else get_args(CoepValue)
    return _REPORTED, _ignored(read_keyword(hop.headers, name, values))


def _corp(hop: Hop, _name: str) -> tuple[str, Ignored | None]:
    value = corp.read_corp(hop.headers)
    return ("", _NO_CORP_VALUE) if value is None else (_CORP[value], None)


def _permission(hop: Hop, _name: str) -> tuple[str, Ignored | None]:
    allowed = permissions_policy.declared_allowlist(hop.headers, "cross-origin-isolated")
    if allowed is None:
        return "it says nothing about isolation", None
    if not allowed:
        return "it switches isolation off, here and in every frame", None
    return f"isolation is for {' '.join(allowed)}; a frame of another origin needs it in its allow attribute, too", None


def _ignored(read: Keyword[str]) -> Ignored | None:
    return None if read.ignored is None else Ignored(read.ignored.reason, read.ignored.position)


_HEADERS: Mapping[str, tuple[_Reader, str, bool, bool]] = {
    coop.COOP: (_coop, coop.SOURCE, True, True),
    coop.COOP_REPORT_ONLY: (_only_reported, coop.SOURCE, True, True),
    coep.COEP: (_coep, coep.SOURCE, False, True),
    coep.COEP_REPORT_ONLY: (_only_reported, coep.SOURCE, False, True),
    corp.CORP: (_corp, corp.SOURCE, False, False),
    permissions_policy.HEADER: (_permission, permissions_policy.SOURCE, False, False),
}
"""How each is read, its section, whether only a window's response counts, and whether only secure contexts read it."""
