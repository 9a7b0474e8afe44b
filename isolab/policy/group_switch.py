"""When a navigation switches browsing context groups (HTML, 7.1.3.2), and what that does to an opener link.

`passages` walks all that a popup and its opener load, response by response; `opener_fate` says what that comes to.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from isolab.policy import opener_wording as wording
from isolab.policy.coop import COOP, CoopValue, OpenerPolicy
from isolab.policy.document import Document
from isolab.policy.life import Navigation, Window
from isolab.policy.opening import FEATURES_SOURCE, blob_without_opener
from isolab.policy.response import Hop
from isolab.policy.site import same_origin
from isolab.policy.terms import Fate, Origin

SOURCE = "https://html.spec.whatwg.org/multipage/browsers.html#matching-coop"
CHOOSING_SOURCE = "https://html.spec.whatwg.org/multipage/document-sequences.html#the-rules-for-choosing-a-navigable"
CREDENTIALLESS_SOURCE = "https://wicg.github.io/anonymous-iframe/"
SANDBOX_SOURCE = "https://html.spec.whatwg.org/multipage/browsing-the-web.html#create-navigation-params-by-fetching"


@dataclass(frozen=True, slots=True)
class Cut:
    """The response that severed the link: `navigation` and `hop` count from 0; `header` is "" where none was sent.

    `origin` is that of `url`.
    """

    navigation: int
    hop: int
    window: Window
    url: str
    origin: Origin
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
class Before:
    """What a response is compared with: the window's document, or the redirect before it. `name` is for sentences.

    `initial`: it is the popup's initial about:blank, or a redirect that this popup has followed from there. `url` is
    what reports call it: for an initial about:blank, that of the document that opens the popup.
    """

    opener_policy: OpenerPolicy
    origin: Origin | None
    name: str
    url: str
    initial: bool = False

    @property
    def policy(self) -> CoopValue:
        """The value of its opener policy."""
        return self.opener_policy.value


@dataclass(frozen=True, slots=True)
class Passage:
    """One response on the way of a window, and what it is compared with; `navigation` and `index` count from 0.

    `switches`: it needs a new browsing context group. `refused`: sandboxing flags keep the popup from loading it, and
    what it would have loaded afterwards is not asked for. `origin` is that of the document that the response makes.
    """

    navigation: int
    index: int
    window: Window
    hop: Hop
    origin: Origin | None
    policy: OpenerPolicy
    before: Before
    redirect: bool
    verdict: Literal["stays", "switches", "refused"]

    @property
    def reason(self) -> str:
        """The verdict in a sentence, about a link that has lasted until here."""
        if self.verdict == "refused":
            return wording.refused(self.hop, self.policy)
        if self.verdict == "switches":
            return wording.severed(self.before.name, self.hop, self.policy, self.before.policy, self.window)
        return wording.stays(self.hop, self.policy)

    @property
    def fact(self) -> str:
        """What the response says, in a sentence, where there is no link for it to change."""
        return f"{self.hop.url} {self.policy.reason}"

    @property
    def cut(self) -> Cut:
        """What it does to the opener link where it switches."""
        return Cut(
            navigation=self.navigation,
            hop=self.index,
            window=self.window,
            url=self.hop.url,
            origin=self.hop.origin,
            status=self.hop.status,
            header=self.hop.field_line(COOP),
            from_policy=self.before.policy,
            to_policy=self.policy.value,
            redirect=self.redirect,
        )


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
    if creator.may_not_open:
        return OpenerPrediction("not-loaded", wording.no_window(creator), CHOOSING_SOURCE)
    unlinked = _unlinked(creator, life, noopener=noopener)
    if unlinked is not None:
        return _refused_at_first(creator, life) or unlinked
    policy = _inherited(creator).policy
    for passage in passages(creator, life):
        if passage.verdict == "refused":
            return OpenerPrediction("not-loaded", passage.reason, SANDBOX_SOURCE)
        if passage.verdict == "switches":
            return OpenerPrediction("severed", passage.reason, cut=passage.cut)
        if passage.window == "popup":
            policy = passage.policy.value
    asked = [navigation for navigation in life if navigation.window == "popup" and navigation.responses]
    stays_blank = bool(asked) and not any(navigation.commits for navigation in asked)
    return OpenerPrediction("preserved", wording.BLANK if stays_blank else wording.kept(creator, policy))


def passages(creator: Document, life: Sequence[Navigation]) -> Iterator[Passage]:
    """Go through every response in the life of a popup that `creator` opens and of its opener, cuts or not.

    A navigation that changes no document (no content, a download) is passed over. The end comes with the last, or with
    a refusal; of a window that may not even be opened there are none.
    """
    if creator.may_not_open:
        return
    before: dict[Window, Before] = {"popup": _inherited(creator), "opener": _loaded(creator.top)}
    for number, navigation in enumerate(life):
        if not navigation.commits:
            continue
        window = navigation.window
        now = before[window]
        now = replace(now, initial=now.initial and navigation.from_initial_blank)
        for index, hop in enumerate(navigation.responses):
            passage = _pass(creator, now, navigation, (number, index))
            yield passage
            if passage.verdict == "refused":
                return
            name = wording.before("redirect" if passage.redirect else "document", hop.url)
            now = Before(passage.policy, passage.origin, name, hop.url, now.initial)
        before[window] = replace(now, initial=False)


def _unlinked(creator: Document, life: Sequence[Navigation], *, noopener: bool) -> OpenerPrediction | None:
    if noopener:
        return OpenerPrediction("noopener", wording.ASKED, CHOOSING_SOURCE)
    if _forces_noopener(creator):
        return OpenerPrediction("noopener", wording.forced(creator), CHOOSING_SOURCE)
    if creator.is_credentialless:
        return OpenerPrediction("noopener", wording.credentialless(creator), CREDENTIALLESS_SOURCE)
    shown = next((navigation.shows for navigation in _first(life)), None)
    if shown and shown.url.lower().startswith("blob:") and blob_without_opener(creator, shown.origin):
        return OpenerPrediction("noopener", wording.foreign_blob(creator, shown), FEATURES_SOURCE)
    return None


def _first(life: Sequence[Navigation]) -> list[Navigation]:
    return [navigation for navigation in life if navigation.window == "popup" and navigation.commits][:1]


def _refused_at_first(creator: Document, life: Sequence[Navigation]) -> OpenerPrediction | None:
    """Say whether a popup without an opener even loads: sandboxing flags reach it all the same."""
    refused = (passage for passage in passages(creator, _first(life)) if passage.verdict == "refused")
    return next((OpenerPrediction("not-loaded", passage.reason, SANDBOX_SOURCE) for passage in refused), None)


def foreign_frames_have_no_popups(top: Document) -> bool:
    """Whether window.open returns null in frames of another origin, by their top-level document's opener policy.

    The window opens all the same (HTML, the rules for choosing a navigable).
    """
    return top.opener_policy.value in ("same-origin", "same-origin-plus-COEP")


def _forces_noopener(creator: Document) -> bool:
    return foreign_frames_have_no_popups(creator.top) and not creator.same_origin_with_top


def _inherited(creator: Document) -> Before:
    policy = creator.opener_policy_for_local
    return Before(policy, creator.origin, wording.blank(creator), creator.url, initial=True)


def _loaded(document: Document) -> Before:
    return Before(document.opener_policy, document.origin, wording.before("document", document.url), document.url)


def _pass(creator: Document, before: Before, navigation: Navigation, place: tuple[int, int]) -> Passage:
    number, index = place
    hop, last = navigation.responses[index], len(navigation.responses) - 1
    document = navigation.shows if navigation.shows and index == last else Document(hop)
    policy = document.opener_policy
    # By the letter (HTML, "create navigation params by fetching") a response's own CSP sandbox refuses it, too; the
    # three engines load it and cut the link (measured: Chromium 156, Firefox 153, WebKitGTK 2.50).
    refused = navigation.window == "popup" and creator.sandboxes_popups and policy.value != "unsafe-none"
    return Passage(
        navigation=number,
        index=index,
        window=navigation.window,
        hop=hop,
        origin=document.origin,
        policy=policy,
        before=before,
        redirect=index < last,
        verdict="refused" if refused else _verdict(before, document, policy.value),
    )


def _verdict(before: Before, document: Document, policy: CoopValue) -> Literal["stays", "switches"]:
    # A later about:blank may leave same-origin-allow-popups as the initial one may: so web-platform-tests.
    ways = {before.initial} if document.inherits is None else {before.initial, True}
    switches = (
        needs_switch(before.policy, before.origin, policy, document.origin, initial_about_blank=initial)
        for initial in ways
    )
    return "switches" if all(switches) else "stays"
