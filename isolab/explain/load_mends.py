"""The smallest change of headers with which what a page embeds is loaded, by the rules alone: whose, and to what.

Pure. Who may frame a page is its own matter, and a redirected service worker is no matter of headers: for these there
is none.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from isolab.explain.resending import sending
from isolab.policy import corp, cors
from isolab.policy.coep import COEP
from isolab.policy.embedding import FRAME_SOURCE, WORKER_SOURCE, embed
from isolab.policy.environment import Environment
from isolab.policy.request import Request
from isolab.policy.response import Hop
from isolab.policy.taint import redirect_tainted

Header = tuple[str, str]
_Reason = tuple[int | None, str]
"""Which response is blocked, and by which section of the standards."""


def load_mend(environment: Environment, request: Request, hops: Sequence[Hop]) -> str:
    """What has to be sent on which responses, as one clause; "" where it is loaded anyway, or headers do not do it."""
    mended, sent, reasons = list(hops), dict[str, list[str]](), set[_Reason]()
    while not (verdict := embed(environment, request, mended)).loaded:
        reasons.add((verdict.hop, verdict.source))
        blocked = verdict.hop or 0
        changes = _changes(environment, request, mended[: blocked + 1], verdict.source)
        tried = ((change, _changed(mended, blocked, change)) for change in changes)
        helping = (each for each in tried if _helps(environment, request, each[1], reasons))
        change, mended = next(helping, ((), []))
        if not change:
            return ""
        sent.setdefault(mended[blocked].url, []).extend(f"`{name}: {value}`" for name, value in change)
    told = " and ".join(f"{' and '.join(headers)} on {url}" for url, headers in sent.items())
    return f"send {told}" if told else ""


def _helps(environment: Environment, request: Request, hops: Sequence[Hop], reasons: Collection[_Reason]) -> bool:
    """Whether it is loaded now, or at least not blocked for any of these reasons."""
    verdict = embed(environment, request, hops)
    return verdict.loaded or (verdict.hop, verdict.source) not in reasons


def _changes(
    environment: Environment, request: Request, way: Sequence[Hop], blocked_by: str
) -> Iterator[tuple[Header, ...]]:
    """What may be sent on the last response of a way against what blocks it, that which allows least first."""
    if blocked_by == cors.SOURCE:
        yield from _by_cors(environment, request, way)
    elif blocked_by == corp.SOURCE:
        yield ((corp.CORP, "same-site"),)
        yield ((corp.CORP, "cross-origin"),)
    elif blocked_by in (FRAME_SOURCE, WORKER_SOURCE):
        yield ((COEP, "require-corp"),)


def _by_cors(environment: Environment, request: Request, way: Sequence[Hop]) -> Iterator[tuple[Header, ...]]:
    origin = environment.origin
    if origin is None or redirect_tainted(origin, way):
        # Whoever lets `null` in lets every sandboxed page in.
        if request.credentials != "include":
            yield ((cors.ACAO, "*"),)
    elif request.credentials == "include":
        yield (cors.ACAO, str(origin)), (cors.ACAC, "true")
    else:
        yield ((cors.ACAO, str(origin)),)


def _changed(hops: Sequence[Hop], number: int, change: tuple[Header, ...]) -> list[Hop]:
    changed = list(hops)
    for name, value in change:
        changed[number] = sending(changed[number], name, value)
    return changed
