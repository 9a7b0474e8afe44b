"""The dialogs in which Chromium itself asks who signs in (FedCM), through the DevTools Protocol's domain `FedCm`."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import Any

from playwright.async_api import CDPSession, Page

from isolab.engines.playwright_driver import START_S, within
from isolab.waiting import Deadline, Signal

NO_CHOOSER = "this browser has no sign-in dialog of its own: of the engines only Chromium knows FedCM"


class AccountChooser:
    """Keeps dialogs open until somebody answers them; a headless browser closes them at once where nobody listens."""

    def __init__(self) -> None:
        self._sessions: dict[Page, CDPSession] = {}
        self._dialogs: dict[Page, dict[str, Any]] = {}
        self._changed = Signal()
        self._attending: set[asyncio.Task[None]] = set()

    def attend(self, page: Page) -> None:
        """Begin to do so in a window that has come; :meth:`attended` waits for that."""
        attending = within(START_S, self.mind(page))
        self._attending.add(asyncio.get_running_loop().create_task(attending, name="attend to a window's dialogs"))

    async def attended(self) -> None:
        """Wait for the windows that have come; one that asks as soon as it shows may be faster, nevertheless.

        Raises what :meth:`mind` does, and TimeoutError.
        """
        attending, self._attending = self._attending, set()
        for failure in await asyncio.gather(*attending, return_exceptions=True):
            if failure is not None:
                raise failure

    async def mind(self, page: Page) -> None:
        """Do so in a window from now on. Raises Playwright's Error."""
        if page in self._sessions:
            return
        session = await page.context.new_cdp_session(page)
        session.on("FedCm.dialogShown", partial(self._show, page))
        session.on("FedCm.dialogClosed", partial(self._close, page))
        # Not with `disableRejectionDelay`: with people, too, a site is told late that nobody wants to sign in.
        await session.send("FedCm.enable")
        self._sessions[page] = session

    def _show(self, page: Page, dialog: dict[str, Any]) -> None:
        self._dialogs[page] = dialog
        self._changed.notify()

    def _close(self, page: Page, _: dict[str, Any]) -> None:
        self._dialogs.pop(page, None)

    async def choose(self, page: Page, account: str | None, timeout_s: float) -> None:
        """Answer the dialog over a window: with an account by its id, or by closing it (None).

        Raises TimeoutError where none comes in time, or another one than an account chooser.
        """
        dialog = await self._dialog(page, timeout_s)
        # Answered but once: it is still there until the browser says that it is closed.
        self._dialogs.pop(page, None)
        of = {"dialogId": dialog["dialogId"]}
        session = self._sessions[page]
        if account is None:
            await within(timeout_s, session.send("FedCm.dismissDialog", of))
            return
        chooser = dialog["dialogType"] == "AccountChooser"
        offered = [str(one["accountId"]) for one in dialog["accounts"]] if chooser else []
        if account not in offered:
            shows = f"offers {', '.join(offered)}" if chooser else f"is of the kind {dialog['dialogType']}"
            raise TimeoutError(f"the browser's dialog does not offer {account}: it {shows}")
        answer = {**of, "accountIndex": offered.index(account)}
        await within(timeout_s, session.send("FedCm.selectAccount", answer))

    async def _dialog(self, page: Page, timeout_s: float) -> dict[str, Any]:
        try:
            with Deadline(timeout_s) as deadline:
                return await self._changed.until(lambda: self._dialogs.get(page), deadline)
        except TimeoutError as error:
            raise TimeoutError("the browser has not asked who signs in") from error

    async def end(self) -> None:
        """Listen no more. Raises what :meth:`attended` does, and Playwright's Error where a window is gone already."""
        await self.attended()
        sessions = list(self._sessions.values())
        self._sessions.clear()
        for session in sessions:
            await session.detach()
