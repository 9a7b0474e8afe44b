"""The sentences that tell a web developer why an opener link is kept or cut."""

from __future__ import annotations

from isolab.policy.coop import COOP, CoopValue, OpenerPolicy
from isolab.policy.document import Document
from isolab.policy.life import Window
from isolab.policy.response import Hop

ASKED = "the popup is opened with noopener: there is no opener link"


def forced(creator: Document) -> str:
    """Say that a frame of another origin opens a popup under an isolating top-level document."""
    top = creator.top
    return (
        f"{top.url} {top.opener_policy.reason}, and a frame of another origin in it ({creator.url}) opens the popup: "
        "it gets no opener"
    )


def credentialless(creator: Document) -> str:
    """Say that a credentialless frame opens the popup."""
    return f"{creator.url} is in a credentialless frame, whose popups get no opener"


def no_window(creator: Document) -> str:
    """Say that a sandbox keeps a document from opening windows."""
    return f"the sandbox upon {creator.url} has no allow-popups: window.open returns null there, and no window opens"


def foreign_blob(creator: Document, shown: Document) -> str:
    """Say that a blob: URL is of another site."""
    return f"{shown.url} is a blob: URL of another site than {creator.top.url}: it gets no opener"


def blank(creator: Document) -> str:
    """Name a popup's initial about:blank."""
    return f"the popup's first, blank document (opened by {creator.url})"


def before(kind: str, url: str) -> str:
    """Name what came before a response; `kind` is `document` or `redirect`."""
    return f"the {kind} before it ({url})"


def refused(hop: Hop, policy: OpenerPolicy) -> str:
    """Say that a sandboxed popup meets an opener policy."""
    return f"{hop.url} {policy.reason}, which a popup with the sandboxing flags of its opener's frame refuses to load"


def severed(name: str, hop: Hop, policy: OpenerPolicy, previous: CoopValue, window: Window) -> str:
    """Say that a response needs a new group; `name` is what came before it, with the policy `previous`."""
    link = "the opener link is cut" if window == "popup" else "the popup loses its opener"
    return f"{hop.url} {policy.reason}{_contrast(name, policy.value, previous)}: new browsing context group, {link}"


def stays(hop: Hop, policy: OpenerPolicy) -> str:
    """Say that a response changes nothing."""
    return f"{hop.url} {policy.reason}: the browsing context group stays"


BLANK = "no response on the way brings a page (no content, or a download): the popup stays at its first, blank document"


def kept(creator: Document, policy: CoopValue) -> str:
    """Say why nothing cut the link; `policy` is that of the popup's last document."""
    top = creator.top
    if policy != "unsafe-none":
        return f"every response on the way is same-origin with {top.url} and has its opener policy {policy}"
    if not creator.same_origin_with_top:
        return f"the frame {creator.url} is of another origin than {top.url}, and no response on the way has a {COOP}"
    if top.opener_policy.value == "unsafe-none":
        return f"neither {top.url} nor any response on the way has a {COOP} that counts"
    return f"{top.url} {top.opener_policy.reason}, which lets popups without that header keep their opener"


def _contrast(name: str, new: CoopValue, previous: CoopValue) -> str:
    if new != previous:
        return f" while {name} had {previous}"
    if new == "noopener-allow-popups":
        return ", which always cuts a popup from its own opener"
    return f" and so did {name}, but from another origin"
