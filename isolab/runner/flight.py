"""One case on its way: each step of the flow carried out, by a page's own script or by the driver."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from http import HTTPStatus

from isolab.engines.engine import Shown, Slot, Window
from isolab.lab.document import Document, Json
from isolab.lab.stage import Stage
from isolab.runner.last_words import hear_out
from isolab.runner.named_window import NamedWindow, final_page
from isolab.runner.patience import heard_in_time
from isolab.runner.press import press
from isolab.runner.step_errors import Left, StepError
from isolab.runner.windows import Windows
from isolab.scenario.case import Case, Choose, Click, Close, Navigate, Open, Popup, Step, Wait
from isolab.waiting import Deadline, poll


@dataclass(slots=True)
class Begun:
    """A step that was begun, and when that was and when it was done (None: it was not), in the case's seconds."""

    step: Step
    at_s: float
    done_s: float | None = None


class Flight:
    """Walks the steps of a case, until its deadline. `answered`: documents that still did after the last step.

    `begun`: the steps so far. `hurried`: a control has gone on without the words that a step waits for.
    """

    def __init__(self, case: Case, stage: Stage, slot: Slot, deadline: Deadline, keep: Document | None = None) -> None:
        self.case = case
        self.stage = stage
        self.slot = slot
        self.deadline = deadline
        self.record = stage.play(case, keep)
        self.windows = Windows(case, self.record)
        self.answered: set[str] = set()
        self.begun: list[Begun] = []
        self.hurried = False
        self._keep = keep
        self._ids = itertools.count(1)

    async def walk(self) -> None:
        """Carry out every step. Raises StepError where one cannot be done in time."""
        if any(isinstance(step, Choose) for step in self.case.steps):
            await self.slot.mind_accounts()
        for step in self.case.steps:
            self.begun.append(Begun(step, self.record.now_s()))
            try:
                await self._step(step)
                self.begun[-1].done_s = self.record.now_s()
            except TimeoutError as error:
                raise StepError(self._why(error), step.span) from error

    async def _step(self, step: Step) -> None:
        match step:
            case Open():
                await self._open(step)
            case Popup():
                await self._popup(step)
            case Click():
                await self._click(step)
            case Navigate():
                await self._navigate(step)
            case Close():
                await self._close(step)
            case Wait():
                await self._wait(step)
            case Choose():
                shown = self.in_driver_terms(await self.document(step.window))
                # Bound here as well: a page that crashes ends the wait.
                async with self.deadline.bound():
                    await self.slot.choose(shown, step.account, self.deadline.left_s)

    # --- what steps are made of ------------------------------------------------------------------------------------

    async def document(self, name: str) -> Document:
        """The document that a window shows, once it has loaded. Raises TimeoutError."""
        return await self.document_in(name, ())

    async def opener_of(self, window: NamedWindow) -> Document:
        """The document that shows now where a window was opened from. Raises TimeoutError."""
        return await self.document_in(window.opener or "", window.frame)

    async def document_in(self, name: str, frame: tuple[str, ...]) -> Document:
        """The document that a window, or a frame in it, shows, once it has loaded. Raises TimeoutError."""

        def look() -> Document | None:
            self.windows.claim()
            return self.windows.within(self.windows[name].current, frame)

        return await self.record.signal.until(look, self.deadline)

    async def ask(self, document: Document, limit: Deadline | None = None, /, **command: Json) -> Json:
        """Have a document do something and wait for its answer, until `limit` instead of the case's deadline.

        Raises TimeoutError where its script fails or the case's time is up, Left where it goes away before it answers.
        """
        number = self._order(document, **command)

        def look() -> Json:
            return document.done.get(number) or ({"left": True} if document.left else None)

        answer = await self.record.signal.until(look, limit or self.deadline)
        if "left" in answer:
            raise Left("the page went away before it answered")
        if "error" in answer:
            raise TimeoutError(f"the page's script failed: {answer['error']}")
        return answer.get("value")

    def _order(self, document: Document, **command: Json) -> int:
        number = next(self._ids) * 1000 + len(document.done)
        self.stage.order(document, id=number, **command)
        return number

    async def answers(
        self,
        document: Document,
        limit: Deadline | None = None,
        do: str = "sync",
        unless: Callable[[], bool] = lambda: False,
    ) -> bool:
        """Whether a document is there to stay, and all that it has told so far has arrived; `do` settle: once loaded.

        False as soon as it leaves, is about to, or asks for its window to be closed: its last answer may be lost then.
        False too where `unless` comes true first.
        """
        number = self._order(document, do=do)

        def look() -> tuple[bool] | None:
            self.windows.claim()
            if number in document.done:
                return (not document.done[number].get("value"),)
            return (False,) if document.left or document.closing or unless() else None

        return (await self.record.signal.until(look, limit or self.deadline))[0]

    async def sync(self, document: Document) -> None:
        """Wait until everything that a document has told so far has arrived."""
        await self.ask(document, do="sync")

    async def driver_windows(self) -> list[Window]:
        """The driver's word."""
        return list(await self.slot.windows())

    async def missing(self, window: NamedWindow) -> bool:
        """Whether the driver lists no more windows than there are beside this one, those apart that are being closed.

        Which window is which it does not tell. One that is being closed may be listed still, or not any more.
        """
        listed = len(await self.driver_windows())
        others = [each for each in self.windows.open() if each is not window and not self.windows.closing(each)]
        return listed <= len(others) + len(self.windows.strangers())

    def in_driver_terms(self, document: Document) -> Shown:
        """The window that shows a document, in terms of the driver."""
        others = [w for w in self.windows.all.values() if not w.closed and w.documents[-1:] != [document]]
        coming = {final_page(self.case, page) for window in others for page in window.expecting}
        there = {window.documents[-1].address for window in others if window.documents}
        twins = document.page in coming or document.address in there
        return Shown(document.address, document.id, twins)

    def bury(self, url: str) -> None:
        """The renderer of a page has crashed: nothing more that is waited for will come."""
        self.record.crash(self.stage.canonical(url))
        self.deadline.end()

    def listed(self) -> bool:
        """Whether the driver has learnt of every window that the pages have told of."""
        return self.slot.knows_of(self.windows.shown_at_all())

    def address(self, page: str) -> str:
        """A page's real URL."""
        return self.stage.address(self.case.pages[page])

    # --- the steps ---------------------------------------------------------------------------------------------------

    async def _open(self, step: Open) -> None:
        window = self.windows.add(NamedWindow(step.window))
        if self._keep:
            self.windows.adopt(window, self._keep)
            self._keep = None
            return
        window.expecting.append(step.page)
        show = self.slot.show if len(self.windows.all) == 1 else self.slot.open
        await show(self.address(step.page))

    async def _popup(self, step: Popup) -> None:
        opener = await self.document_in(step.opener, step.frame)
        # A navigation that begins while the window is still on its way to its first page is lost in Firefox.
        for name in self.windows.of_target(opener, step.target):
            await self.document(name)
        window = NamedWindow(step.window, step.opener, opener, self.windows[step.opener].current, step.target)
        window.frame, window.expecting = step.frame, [step.page]
        self.windows.add(window)
        if step.by == "self":
            window.by_itself, window.opens_after = True, self.windows.opens_told(opener)
            return
        url = self.address(step.page)
        if step.by == "link":
            await self.ask(opener, do="link", url=url, target=step.target, rel=step.rel)
            return
        number = await self.ask(opener, do="open", url=url, target=step.target, features=step.features)
        self.windows.opened(window, number or 0, null=number is None)

    async def _click(self, step: Click) -> None:
        top = await self.document(step.window)
        document = await self.document_in(step.window, step.frame)
        if step.opens:
            before = max((int(h.get("opens", 0)) for h in document.handles.values()), default=0)
            window = NamedWindow(step.opens, step.window, document, top, frame=step.frame, opens_after=before)
            window.expecting.append(step.loads or step.opens)
            self.windows.add(window)
        elif step.loads:
            self.windows[step.window].expecting.append(step.loads)
        await press(self, step, top, document)

    async def handle(self, window: NamedWindow) -> None:
        """Make sure that a click's script has told the handle that it got; a link leaves none."""
        if window.opens_after is not None and window.opened_as is None and window.opened_in:
            with suppress(Left):
                await self.sync(window.opened_in)
            self.windows.claim()

    async def _navigate(self, step: Navigate) -> None:
        window = self.windows[step.window]
        document = await self.document(step.window)
        window.expecting.append(step.page)
        url = self.address(step.page)
        if step.by in ("address-bar", "opener"):
            await hear_out(self, document)
        if step.by == "address-bar":
            await self.slot.go(self.in_driver_terms(document), url, self.deadline.left_s)
        elif step.by == "opener":
            await self.ask(await self._opener(window), do="steer", n=window.handle, url=url)
        else:
            self.stage.order(document, id=0, do="go", url=url, by=step.by)

    async def _close(self, step: Close) -> None:
        window = self.windows[step.window]
        document = await self.document(step.window)
        if step.by in ("user", "opener"):
            await hear_out(self, document)
        if step.by == "user":
            await self.slot.close(self.in_driver_terms(document), self.deadline.left_s)
            window.closed = True
        elif step.by == "opener":
            await self.ask(await self._opener(window), do="shut", n=window.handle)
        else:
            self.stage.order(document, id=0, do="close")

    async def _opener(self, window: NamedWindow) -> Document:
        await self.handle(window)
        if window.opener is None or window.handle is None:
            raise TimeoutError(f"{window.name} has no handle that its opener could use")
        return await self.opener_of(window)

    async def _wait(self, step: Wait) -> None:
        window = self.windows[step.window]
        if step.page:
            await self._wait_page(window, step.page)
        elif step.says:
            await self._wait_words(window, step, step.says)
        else:
            await self._wait_closed(window)

    async def _wait_words(self, window: NamedWindow, step: Wait, key: str) -> None:
        def look() -> object:
            return self.said(window, key, step.frame)

        if not self.case.control:
            await self.record.signal.until(look, self.deadline)
        elif not await heard_in_time(self, look):
            self.hurried = True

    async def _wait_page(self, window: NamedWindow, page: str) -> None:
        def look() -> bool | None:
            self.windows.claim()
            shows = window.current is not None and window.current.page == page
            return True if shows else None

        self.windows.claim()
        if not look() and page not in window.expecting:
            window.expecting.append(page)
        await self.record.signal.until(look, self.deadline)

    def said(self, window: NamedWindow, key: str, frame: Sequence[str] = ()) -> tuple[Json] | None:
        """What a page in this window, or in a frame there, said last under `key`, in a tuple, or None if none did."""
        self.windows.claim()
        for shown in reversed(window.documents):
            document = self.windows.within(shown, frame)
            if document and key in document.says:
                return (document.says[key],)
        return None

    async def _wait_closed(self, window: NamedWindow) -> None:
        async def look() -> bool | None:
            self.windows.claim()
            # The driver may not have listed yet what a page has just opened: fewer windows alone prove nothing.
            gone = self.going(window) and self.listed() and await self.missing(window)
            return True if gone else None

        await poll(look, self.deadline)
        window.closed = True

    def going(self, window: NamedWindow) -> bool:
        """Whether a step, the page itself or its opener closes the window, or the page has left it."""
        last = window.documents[-1] if window.documents else None
        left = last is not None and last.left
        return left or self.to_close(window) or self.windows.closing(window)

    def to_close(self, window: NamedWindow) -> bool:
        """Whether a step of the flow closes the window."""
        return any(isinstance(step, Close) and step.window == window.name for step in self.case.steps)

    def _why(self, error: TimeoutError) -> str:
        self.windows.claim()
        shows = ", ".join(f"{w.name} shows {_shows(w)}" for w in self.windows.all.values())
        reason = f": {error}" if str(error) else " in time"
        return f"this step was not done{reason} ({shows or 'no window is open'})"


def _shows(window: NamedWindow) -> str:
    """The page in a window; its status where that says that the server had nothing better to show."""
    if not window.documents:
        return "nothing that reports"
    document = window.documents[-1]
    status = document.served.status
    refused = status >= HTTPStatus.BAD_REQUEST
    return f"{document.page}, which {document.served.url} answered with status {status}" if refused else document.page
