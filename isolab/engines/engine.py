"""What an engine is: data that says what was found, and the face that every driver shows to the runner."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from typing import Literal, Protocol

from isolab.scenario.case import EngineName

DriverName = Literal["playwright", "webdriver"]


class EngineError(Exception):
    """An engine cannot be started, or stopped answering (exit code 3). The message says what and the mend."""


class WindowGone(Exception):  # noqa: N818  often no error: many a page closes itself when it is clicked
    """A window went away while the driver was busy with it, or another one has taken its place."""


@dataclass(frozen=True, slots=True)
class Launch:
    """What a browser is started with: the lab's proxy port on loopback and the hash of its authority's key."""

    proxy_port: int
    spki: str
    headed: bool = False
    firefox_preferences: Mapping[str, bool | int | str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Window:
    """A window that the driver sees: `handle` is the driver's own name for it."""

    handle: str
    url: str


@dataclass(frozen=True, slots=True)
class Shown:
    """What the window shows that is meant: a URL, and the id of the document, which its probe's script element carries.

    `twins`: another window is known to show the same URL, so that the URL alone does not tell which one is meant.
    """

    url: str
    document: str
    twins: bool = False

    def may_be(self, url: str) -> bool:
        """Whether a window at `url` may be the one that is meant: fragments do not count."""
        return url.partition("#")[0] == self.url.partition("#")[0]


WHICH_DOCUMENT = "document.querySelector('script[data-isolab]')?.dataset.isolab"
"""The expression that gives the id of the document that a window shows (see `isolab.lab.render`)."""


@dataclass(frozen=True, slots=True)
class Spot:
    """What to click: a CSS selector, and where the middle of what it matches is, in CSS pixels of the viewport.

    `framed`: it is in a frame of the window's document, where the selector means nothing.
    """

    selector: str
    x: float
    y: float
    framed: bool = False


class Slot(Protocol):
    """One top-level window of a browser and the windows that come from it. One case at a time uses it."""

    async def show(self, url: str) -> None:
        """Send the slot's own window to `url`; returns once the navigation has begun, not when it is done."""

    async def open(self, url: str) -> None:
        """Open one more top-level window at `url`, without an opener."""

    async def windows(self) -> Sequence[Window]:
        """Every open window of the slot, its own included: the driver's word."""

    def knows_of(self, count: int) -> bool:
        """Whether the driver has learnt of so many windows since the last `clear`, its own included.

        A driver may learn of a window only when it has closed again: until then, that it is not listed proves nothing.
        """

    async def click(self, shown: Shown, spot: Spot, timeout_s: float) -> None:
        """Click as a person does, in the window that shows this.

        Raises TimeoutError where that cannot be done, WindowGone where the window went away over it.
        """

    async def go(self, shown: Shown, to: str, timeout_s: float) -> None:
        """Type `to` into the address bar of the window that shows this; raises TimeoutError where none does in time."""

    async def close(self, shown: Shown, timeout_s: float) -> None:
        """Close the window that shows this, as a person does; raises TimeoutError where none does in time."""

    async def mind_accounts(self) -> None:
        """Until the next `clear`: keep the browser's own sign-in dialogs (FedCM) open for `choose`.

        To be called before the page that asks for one is shown. Raises EngineError.
        """

    async def choose(self, shown: Shown, account: str | None, timeout_s: float) -> None:
        """Pick an account in the browser's sign-in dialog over the window that shows this, or close it (None).

        Raises TimeoutError where no such dialog comes, or it does not offer the account.
        """

    async def forget(self) -> None:
        """Leave the page that the slot's own window shows, and drop its cookies: to be called before `clear`.

        After a case whose pages may go on acting, or have left something behind. Raises EngineError.
        """

    async def clear(self) -> None:
        """Close every window but the slot's own."""

    async def screenshot(self, handle: str) -> bytes:
        """A PNG of a window."""

    def on_crash(self, listener: Callable[[str], None] | None) -> None:
        """Have the listener told the URL of every page whose renderer ends under it, where the driver can tell."""

    def console(self) -> Sequence[str]:
        """Console lines and failed requests since the last `clear`; empty where the driver cannot tell."""


class Session(Protocol):
    """A running browser with a profile of its own."""

    version: str

    async def slot(self) -> Slot:
        """A new top-level window, apart from those of other slots."""

    async def alive(self) -> bool:
        """Whether the browser still runs, and its driver still answers."""

    async def close(self) -> None:
        """End the browser and everything that was started for it."""


@dataclass(frozen=True, slots=True)
class Engine:
    """An engine found on this machine. `bundled`: Playwright's own build; `origin`: in words, for doctor."""

    name: EngineName
    version: str
    driver: DriverName
    executable: str
    bundled: bool
    origin: str
    start: Callable[[Launch], AbstractAsyncContextManager[Session]]
