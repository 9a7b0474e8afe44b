"""An explanation: what each header does, what becomes of each window's link to its opener, and what is isolated.

Plain data: `isolab explain --json` writes it as it is (docs/explain.md), `text` puts it into sentences.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from isolab.policy.coop import CoopValue
from isolab.policy.life import Window
from isolab.policy.terms import Fate, Load


@dataclass(frozen=True, slots=True)
class Ignored:
    """Why browsers take a header as not sent; `character` counts from 1, 0 where none is to blame."""

    reason: str
    character: int = 0


@dataclass(frozen=True, slots=True)
class HeaderNote:
    """What a header of one response does. `value` has its lines joined as browsers join them."""

    name: str
    value: str
    effect: str
    source: str
    ignored: Ignored | None = None


@dataclass(frozen=True, slots=True)
class ResponseNote:
    """A response on the way to a document: its address and the headers about isolation that it sends."""

    url: str
    status: int
    headers: tuple[HeaderNote, ...]


@dataclass(frozen=True, slots=True)
class EmbedNote:
    """What becomes of something that a document embeds; `hop` counts the response that is blocked from 1.

    `isolated` is None for what is blocked or is neither frame nor worker; otherwise `isolation` says why. `ignored` has
    the headers about isolation that its response sends for nothing.
    """

    name: str
    kind: str
    url: str
    load: Load
    reason: str
    source: str
    hop: int | None = None
    isolated: bool | None = None
    isolation: str = ""
    isolation_source: str = ""
    ignored: tuple[HeaderNote, ...] = ()


@dataclass(frozen=True, slots=True)
class PageNote:
    """A window's document as it is at the end: the way to it, whether it is isolated, what it embeds.

    `leads_to` is where the last response redirects to, "" where it does not: what comes there is not known, and the
    rest is said of the redirect alone. `named` are responses that the page's HTML has the address of, which its scripts
    may ask for, where nothing else is said of them.
    """

    window: str
    url: str
    way: tuple[ResponseNote, ...]
    isolated: bool
    reason: str
    source: str
    embeds: tuple[EmbedNote, ...] = ()
    leads_to: str = ""
    named: tuple[ResponseNote, ...] = ()


@dataclass(frozen=True, slots=True)
class HopNote:
    """One response in the life of a popup or its opener, and whether it changes the browsing context group.

    `navigation` and `hop` count from 1; `window` says whose navigation it is. `switches` if a new group is needed.
    """

    navigation: int
    hop: int
    window: Window
    url: str
    status: int
    from_policy: CoopValue
    to_policy: CoopValue
    switches: bool
    text: str


@dataclass(frozen=True, slots=True)
class LinkNote:
    """What becomes of the link between a popup and the page that opens it. `cut` counts the hops that cut it from 1.

    `usually_set_by` names those who send the policy that cuts it without being asked, most likely first.
    """

    popup: str
    opener: str
    fate: Fate
    reason: str
    source: str
    hops: tuple[HopNote, ...]
    cut: int | None = None
    usually_set_by: tuple[str, ...] = ()
    assumption: str = ""


FalseFixKind = Literal[
    "allow-popups-elsewhere",
    "allow-popups-everywhere",
    "allow-popups-not-isolated",
    "credentialless-in-webkit",
    "corp-for-coep",
    "report-only-noise",
]


@dataclass(frozen=True, slots=True)
class FalseFix:
    """A header that looks like the mend and is none, or like the cause and is none (`report-only-noise`).

    `subject` is the window or what it embeds (`app.frame`), `url` the response that sends the header; `opener` the
    window that opened a popup, "" for what is about no link. `text` says why it does not help, `instead` what does.
    `engines` are those it is about, () for all.
    """

    kind: FalseFixKind
    subject: str
    url: str
    text: str
    instead: str
    source: str
    opener: str = ""
    engines: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        """What stands above it."""
        return "not your problem" if self.kind == "report-only-noise" else "will not help"


@dataclass(frozen=True, slots=True)
class Explanation:
    """What is said of one case, or of the headers that were given (`id` is "" then)."""

    id: str
    title: str
    pages: tuple[PageNote, ...]
    links: tuple[LinkNote, ...]
    false_fixes: tuple[FalseFix, ...] = ()
