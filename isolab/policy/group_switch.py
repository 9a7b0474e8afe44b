"""When a navigation switches browsing context groups (HTML, 7.1.3.2), and what that does to an opener link.

`opener_fate` walks all that a popup and its opener load, response by response, and stops at the first cut.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from isolab.policy import opener_wording as wording
from isolab.policy.coop import COOP, CoopValue, OpenerPolicy, obtain_opener_policy
from isolab.policy.document import Document
from isolab.policy.life import Navigation, Window
from isolab.policy.response import Hop
from isolab.policy.secure import potentially_trustworthy
from isolab.policy.site import same_origin
from isolab.policy.terms import Fate, Origin

SOURCE = "https://html.spec.whatwg.org/multipage/browsers.html#matching-coop"
CHOOSING_SOURCE = "https://html.spec.whatwg.org/multipage/document-sequences.html#the-rules-for-choosing-a-navigable"
SANDBOX_SOURCE = "https://html.spec.whatwg.org/multipage/browsing-the-web.html#create-navigation-params-by-fetching"


@dataclass(frozen=True, slots=True)
class Cut:
    """The response that severed the link: `navigation` and `hop` count from 0; `header` is "" where none was sent."""

    navigation: int
    hop: int
    window: Window
    url: str
    status: int
    header: str
    from_policy: CoopValue
    to_policy: CoopValue
    redirect: bool


@dataclass(frozen=True, slots=True)
class OpenerPrediction:
    """What becomes of an opener link; `reason` is one sentence; `cut` is set where a response severed it."""

    fate: Fate
    reason: str
    source: str = SOURCE
    cut: Cut | None = None


@dataclass(frozen=True, slots=True)
class _Before:
    """What a response is compared with: the window's document, or the redirect before it."""

    policy: CoopValue
    origin: Origin | None
    name: str
    initial: bool = False


def match(a: CoopValue, origin_a: Origin | None, b: CoopValue, origin_b: Origin | None) -> bool:
    """Whether two opener policies can share a browsing context group ("match opener policy values")."""
    if "unsafe-none" in (a, b):
        return a == b
    return a == b and same_origin(origin_a, origin_b)


def needs_switch(
    current: CoopValue,
    current_origin: Origin | None,
    new: CoopValue,
    new_origin: Origin | None,
    *,
    initial_about_blank: bool,
) -> bool:
    """Whether going from `current` to `new` needs a new group; `initial_about_blank`: a popup's first navigation."""
    if initial_about_blank:
        if new == "noopener-allow-popups":
            return True
        # What lets a sign-in provider without any header keep the page that opened it, whatever its origin.
        if new == "unsafe-none" and current in ("same-origin-allow-popups", "noopener-allow-popups"):
            return False
    return not match(current, current_origin, new, new_origin)


def opener_fate(creator: Document, life: Sequence[Navigation], *, noopener: bool = False) -> OpenerPrediction:
    """Predict what becomes of the link between a popup and the document that opens it, after everything in `life`.

    `creator` is the opening document, top-level or in a frame; `life` has the navigations of the popup and of the
    opener's top-level window in the order in which they ended. `noopener`: the opening asks for no opener
    (window features, rel, `target=_blank` without rel=opener).
    """
    unlinked = _unlinked(creator, noopener=noopener)
    if unlinked is not None:
        return _refused_at_first(creator, life) or unlinked
    before: dict[Window, _Before] = {"popup": _inherited(creator), "opener": _loaded(creator.top)}
    for number, navigation in enumerate(life):
        if not navigation.commits:
            continue
        after = _navigate(before[navigation.window], navigation, number, creator)
        if isinstance(after, OpenerPrediction):
            return after
        before[navigation.window] = after
    return OpenerPrediction("preserved", wording.kept(creator, before["popup"].policy))


def _unlinked(creator: Document, *, noopener: bool) -> OpenerPrediction | None:
    if noopener:
        return OpenerPrediction("noopener", wording.ASKED, CHOOSING_SOURCE)
    if _forces_noopener(creator):
        return OpenerPrediction("noopener", wording.forced(creator), CHOOSING_SOURCE)
    return None


def _refused_at_first(creator: Document, life: Sequence[Navigation]) -> OpenerPrediction | None:
    """Say whether a popup without an opener even loads: sandboxing flags reach it all the same."""
    first = next((each for each in life if each.window == "popup" and each.commits), None)
    refusals = (_refusal(creator, hop, _policy(hop)) for hop in (first.hops if first else ()))
    return next((refusal for refusal in refusals if refusal is not None), None)


def _forces_noopener(creator: Document) -> bool:
    isolated = creator.top.opener_policy.value in ("same-origin", "same-origin-plus-COEP")
    return isolated and not creator.same_origin_with_top


def _inherited(creator: Document) -> _Before:
    policy = creator.top.opener_policy.value if creator.same_origin_with_top else "unsafe-none"
    return _Before(policy, creator.origin, wording.blank(creator), initial=True)


def _loaded(document: Document) -> _Before:
    return _Before(document.opener_policy.value, document.origin, wording.before("document", document.url))


def _navigate(start: _Before, navigation: Navigation, number: int, creator: Document) -> _Before | OpenerPrediction:
    before = replace(start, initial=start.initial and navigation.from_initial_blank)
    for index, hop in enumerate(navigation.hops):
        policy = _policy(hop)
        refusal = _refusal(creator, hop, policy) if navigation.window == "popup" else None
        if refusal is not None:
            return refusal
        if _cuts(before, hop, policy):
            cut = _cut(before, navigation, (number, index), policy)
            reason = wording.severed(before.name, hop, policy, cut.from_policy, cut.window)
            return OpenerPrediction("severed", reason, cut=cut)
        kind = "redirect" if index < len(navigation.hops) - 1 else "document"
        before = _Before(policy.value, hop.origin, wording.before(kind, hop.url), before.initial)
    return replace(before, initial=False)


def _policy(hop: Hop) -> OpenerPolicy:
    return obtain_opener_policy(hop.headers, secure_context=potentially_trustworthy(hop.origin))


def _refusal(creator: Document, hop: Hop, policy: OpenerPolicy) -> OpenerPrediction | None:
    if not creator.sandboxes_popups or policy.value == "unsafe-none":
        return None
    return OpenerPrediction("not-loaded", wording.refused(hop, policy), SANDBOX_SOURCE)


def _cuts(before: _Before, hop: Hop, policy: OpenerPolicy) -> bool:
    return needs_switch(before.policy, before.origin, policy.value, hop.origin, initial_about_blank=before.initial)


def _cut(before: _Before, navigation: Navigation, place: tuple[int, int], policy: OpenerPolicy) -> Cut:
    number, index = place
    hop = navigation.hops[index]
    return Cut(
        navigation=number,
        hop=index,
        window=navigation.window,
        url=hop.url,
        status=hop.status,
        header=hop.field_line(COOP),
        from_policy=before.policy,
        to_policy=policy.value,
        redirect=index < len(navigation.hops) - 1,
    )
