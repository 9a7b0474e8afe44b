"""From the record to facts: each is decided as soon as it is proven, and not before.

`UNSEEN` stands for what no witness has told by the case's deadline.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager, suppress
from typing import Final

from isolab.lab.document import Document, Json
from isolab.lab.record import LOST
from isolab.policy.terms import Fate
from isolab.runner.arrival import arrive_or_end, ended_since
from isolab.runner.flight import Flight
from isolab.runner.named_window import NamedWindow, closes
from isolab.runner.step_errors import Left
from isolab.scenario.case import Check, Close, EngineName, Scalar
from isolab.waiting import Deadline, poll

MORE_S = 3.0
"""How long a page that has said something else than what is expected may take to say more, in seconds."""

CLOSES_S = 10.0
"""The same where a window is to close before, in seconds; half of what is left at most."""

LOOK_S = 0.1
"""How often to look at the driver's window list while a page is to answer, in seconds."""


class Unseen:
    """No witness has told."""

    def __repr__(self) -> str:
        return "not seen"


UNSEEN: Final = Unseen()
Observation = Scalar | Unseen


class _Asking(AbstractAsyncContextManager["_Asking"]):
    """Questions that pages may take along as they end, without a word: in Firefox now and then.

    So nobody waits for the answer alone, but looks from time to time what the driver says meanwhile.
    """

    def __init__(self, flight: Flight) -> None:
        self._flight = flight
        self._asked: dict[str, asyncio.Task[bool]] = {}

    async def answered(self, document: Document) -> bool:
        """Whether a document has said that it is there to stay; False where it has not yet."""
        asked = self._asked.get(document.id)
        if asked is None:
            asked = self._asked[document.id] = asyncio.create_task(self._flight.answers(document))
        await asyncio.wait([asked], timeout=LOOK_S)
        if not asked.done():
            return False
        del self._asked[document.id]
        return asked.result()

    async def __aexit__(self, *_: object) -> None:
        for task in self._asked.values():
            task.cancel()
        await asyncio.gather(*self._asked.values(), return_exceptions=True)


class Observer:
    """Finds the facts of one flight whose steps have been walked."""

    def __init__(self, flight: Flight, engine: EngineName) -> None:
        self._flight = flight
        self._engine = engine
        self._windows = flight.windows

    async def observe(self, check: Check) -> Observation:
        """The fact that a check asks for. Waits until it is proven or the case's deadline passes."""
        window, *embeds = check.subject.split(".")
        try:
            if embeds and not check.fact.startswith("says."):
                return await self._embedded(self._windows[window], embeds, check.fact)
            return await self._window(self._windows[window], check, embeds)
        except TimeoutError:
            return UNSEEN

    async def _until(self, look: Callable[[], Scalar | tuple[Scalar] | None]) -> Json:
        def claim_and_look() -> Json:
            self._windows.claim()
            return look()

        return await self._flight.record.signal.until(claim_and_look, self._flight.deadline)

    async def _of_page(self, window: NamedWindow, look: Callable[[], Scalar | None]) -> Json:
        """The same for what comes with a window's page, or with the end of a window whose page never runs."""
        if not self._windows.may_end_unseen(window):
            return await self._until(look)

        async def look_for_both() -> Scalar | None:
            self._windows.claim()
            return look() or (look() if await ended_since(self._flight, window) else None)

        return await poll(look_for_both, self._flight.deadline)

    def _half(self) -> Deadline:
        """Half of what is left: for an answer that comes at once from a page that is well."""
        return Deadline(self._flight.deadline.left_s / 2)

    # --- windows ------------------------------------------------------------------------------------------------------

    async def _window(self, window: NamedWindow, check: Check, frame: Sequence[str]) -> Observation:
        await arrive_or_end(self._flight, window)
        special: dict[str, Callable[[NamedWindow], Awaitable[Observation]]] = {
            "opener": self._opener,
            "open": self._open,
            "url": self._url,
            "closed": lambda w: self._handle(w, "closed"),
            "ending": self._ending,
            "length": lambda w: self._handle(w, "length"),
            "domAccess": lambda w: self._handle(w, "domAccess"),
        }
        if check.fact in special:
            return await special[check.fact](window)
        if check.fact.startswith("says."):
            return await self._says(window, check, frame)
        return await self._fact(lambda: window.current, check.fact)

    async def _fact(
        self, document: Callable[[], Document | None], fact: str, lost: Callable[[], bool] = lambda: False
    ) -> Observation:
        """What a document has measured of itself; `lost`: it will never say."""

        def look() -> tuple[Scalar] | None:
            shown = document()
            if shown and fact in shown.facts:
                return (shown.facts[fact],)
            return (None,) if lost() else None

        value: Scalar = (await self._until(look))[0]
        return UNSEEN if value is None else value

    async def _opener(self, window: NamedWindow) -> Observation:
        if fate := self._fate_by_end(window):
            return fate
        try:
            await self._flight.handle(window)
            if await self._closed_unheard(window):
                return "preserved"
            await self._greet_anew(window)
            return str(await self._of_page(window, lambda: self._fate_by_end(window) or self.fate(window)))
        except TimeoutError:
            # Served, and silent until the deadline: a document thrown away, or a redirect that was not followed.
            if list(self._windows.served(window)) or self._windows.stopped(window):
                return "not-loaded"
            raise

    @staticmethod
    def _fate_by_end(window: NamedWindow) -> Fate | None:
        """Where no page ever ran in a window, nor did a person close it, its opener has: so it could reach it."""
        ended = window.closed and not window.documents and window.handle is not None
        return "preserved" if ended else None

    async def _closed_unheard(self, window: NamedWindow) -> bool:
        """Whether the opener has closed a window whose page had an opener, and was not heard before: it reached it.

        Not where another page was on its way: that may have cut the link and ended without a word.
        """
        if self.fate(window) or closes(window) or self._flight.to_close(window) or self._windows.on_the_way():
            return False
        return self._windows.closed_by_opener(window) and await self._open(window) is False

    async def _greet_anew(self, window: NamedWindow) -> None:
        """Have the popup greet an opener that shows another document by now, which has not heard the first greeting."""
        if window.opener is None or window.opened_in is None:
            return
        if await self._flight.opener_of(window) is window.opened_in:
            return
        with suppress(Left):
            await self._flight.ask(await self._flight.document(window.name), do="ping")

    def fate(self, window: NamedWindow) -> Fate | None:
        """The fate of a window's opener link, once it is proven."""
        shown = window.current
        if shown is None or window.opener is None or window.opened_in is None:
            return None
        opener = self._windows.opener_of(window)
        if opener and shown.id in opener.heard:
            return "preserved"
        if shown.facts.get("opener") is not False:
            return None
        if window.gave_null:
            return "noopener"
        if window.handle is None or opener is not window.opened_in:
            return "severed"
        return "severed" if window.opened_in.handles.get(window.handle, {}).get("closed") else None

    async def _open(self, window: NamedWindow) -> Observation:
        """The driver's word. A page that still answers after all that was asked of it stays open.

        A window that is not listed counts as closed only if it was on its way out: drivers learn of a new one late.
        """
        if window.closed:
            return False
        async with _Asking(self._flight) as asking:
            return await self._open_or_not(window, asking)

    async def _open_or_not(self, window: NamedWindow, asking: _Asking) -> bool:
        async def look() -> tuple[bool] | None:
            self._windows.claim()
            if not self._flight.listed():
                return None
            if await self._flight.missing(window) and self._flight.going(window):
                window.closed = True
                return (False,)
            shown = window.current
            if shown is None or shown.left or shown.closing or self._windows.closed_by_opener(window):
                # On its way out: the list will say so.
                return None
            if shown.id not in self._flight.answered and not await asking.answered(shown):
                return None
            return None if await self._flight.missing(window) else (True,)

        return (await poll(look, self._flight.deadline))[0]

    async def _ending(self, window: NamedWindow) -> Observation:
        """What no page can tell: whether a window whose handle reads closed is, and who has closed it."""
        if await self._open(window):
            return "severed" if await self._handle(window, "closed") is True else "open"
        step = next((s for s in self._flight.case.steps if isinstance(s, Close) and s.window == window.name), None)
        if step is not None:
            return {"user": "closed-by-user", "self": "closed-by-itself", "opener": "closed-by-opener"}[step.by]
        by_itself = closes(window) and not await self._shut_by_opener(window)
        return "closed-by-itself" if by_itself else "closed-by-opener"

    async def _shut_by_opener(self, window: NamedWindow) -> bool:
        """Whether it was a script of the opener's that had the window's own page close it (of one origin it can)."""
        opener = self._windows.opener_of(window)
        if opener and not opener.left:
            with suppress(Left, TimeoutError), self._half() as soon:
                await self._flight.ask(opener, soon, do="sync")
        return self._flight.record.shut_from_outside(window.documents[-1])

    async def _url(self, window: NamedWindow) -> Observation:
        return str(await self._until(lambda: window.current.page if window.current else None))

    async def _handle(self, window: NamedWindow, fact: str) -> Observation:
        """What the opener's handle reads, asked once the link's fate is known, since it turns a little later."""
        if window.opener is None or window.handle is None:
            return UNSEEN

        def known() -> str | bool | None:
            gone = window.closed and window.current is None
            # A page that is closed before it has greeted its opener proves no fate: then the handle has turned already.
            return self.fate(window) or gone or self._windows.closed_by_opener(window) or None

        await self._of_page(window, known)
        opener = await self._flight.opener_of(window)
        ends = self._flight.to_close(window) or closes(window)
        if fact == "closed" and ends and await self._open(window) is False:
            # By the driver's word it is gone: then the handle is about to turn.
            await self._until(lambda: opener.handles.get(window.handle or 0, {}).get("closed"))
        if fact == "length" and window.current and not window.current.left:
            with suppress(Left, TimeoutError), self._half() as soon:
                await self._flight.ask(window.current, soon, do="undoubted")
        state = await self._flight.ask(opener, do="look", n=window.handle)
        return bool(state[fact]) if fact != "length" else int(state[fact])

    async def _says(self, window: NamedWindow, check: Check, frame: Sequence[str]) -> Observation:
        def said() -> tuple[Scalar] | None:
            return self._flight.said(window, check.fact.removeprefix("says."), frame)

        silent = check.allows(None, self._engine)
        if not silent and said() is None:
            await self._until(said)
            speaker = self._windows.within(window.current, frame)
            if speaker and not speaker.left:
                # It may have said more by now.
                with suppress(Left, TimeoutError), self._half() as soon:
                    await self._flight.ask(speaker, soon, do="sync")
        if not silent:
            await self._last_word(said, check)
        elif said() is None and not await self._silence_counts(window, frame):
            return UNSEEN
        found = said()
        return found[0] if found else None

    async def _silence_counts(self, window: NamedWindow, frame: Sequence[str]) -> bool:
        """Whether a page ran that might have said something, or none could; for a frame, wait until that is known."""
        if not frame:
            return bool(window.documents or window.closed or self._windows.stopped(window))
        await self._until(lambda: self._knows_frame(window, frame))
        speaker = self._windows.within(window.current, frame)
        if speaker and speaker.obeys and not speaker.left:
            with suppress(Left, TimeoutError), self._half() as soon:
                await self._flight.ask(speaker, soon, do="sync")
        return True

    def _knows_frame(self, window: NamedWindow, frame: Sequence[str]) -> bool | None:
        """True once a frame has shown a page, or it or one around it was kept from it; None before."""
        for shown in window.documents:
            around = [self._windows.within(shown, frame[:depth]) for depth in range(len(frame))]
            states = {self._load_state(parent, name) for parent, name in zip(around, frame, strict=True)}
            if self._windows.within(shown, frame) or states & {"blocked", LOST}:
                return True
        return True if window.closed else None

    async def _last_word(self, said: Callable[[], tuple[Scalar] | None], check: Check) -> None:
        """Let a page that has said something that nobody foresaw say more: it may still wait for an answer.

        Or for a window to close: a step has only given word to.
        """
        left_s = self._flight.deadline.left_s
        limit_s = max(min(CLOSES_S, left_s / 2), MORE_S) if self._closing() else MORE_S

        def look() -> bool | None:
            found = said()
            return True if found and check.allows(found[0], self._engine) else None

        with suppress(TimeoutError), Deadline(min(limit_s, left_s)) as soon:
            await self._flight.record.signal.until(look, soon)

    def _closing(self) -> bool:
        """Whether a window is still open that a step has had its page or its opener close."""
        steps = (step for step in self._flight.case.steps if isinstance(step, Close) and step.by != "user")
        return any(not self._windows[step.window].closed for step in steps if step.window in self._windows.all)

    # --- what is embedded ---------------------------------------------------------------------------------------------

    async def _embedded(self, window: NamedWindow, path: list[str], fact: str) -> Observation:
        def parent() -> Document | None:
            return self._windows.within(window.current, path[:-1])

        def lost() -> bool:
            shown = window.current
            parents = (self._windows.within(shown, path[:n]) for n in range(len(path)))
            return any(self._load_state(*one) == LOST for one in zip(parents, path, strict=True))

        if fact == "load":
            state = await self._until(lambda: self._load_state(parent(), path[-1]))
            return UNSEEN if lost() else str(state)
        return await self._fact(lambda: self._windows.within(window.current, path), fact, lost)

    @staticmethod
    def _load_state(parent: Document | None, name: str) -> str | None:
        return parent.embeds.get(name, {}).get("state") if parent else None
