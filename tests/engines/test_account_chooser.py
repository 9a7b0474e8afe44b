"""The account chooser of a Chromium that is played here; the real one chooses in scenarios/signin/by-the-browser*."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from written_cases import run

from isolab.engines.account_chooser import AccountChooser


class FakeDialogs:
    """A window, its context and its DevTools session in one, with what was sent over that."""

    def __init__(self) -> None:
        self.context = SimpleNamespace(new_cdp_session=self._session)
        self.listeners: dict[str, Callable[[dict[str, Any]], None]] = {}
        self.sent: list[tuple[str, dict[str, Any]]] = []
        self.sessions = 0
        self.silent = self.broken = False

    async def _session(self, _page: object) -> FakeDialogs:
        self.sessions += 1
        return self

    def on(self, event: str, listener: Callable[[dict[str, Any]], None]) -> None:
        self.listeners[event] = listener

    async def send(self, method: str, params: dict[str, Any] | None = None) -> None:
        if self.silent:
            await asyncio.Event().wait()
        if self.broken:
            raise RuntimeError("the browser is elsewhere")
        self.sent.append((method, params or {}))

    async def detach(self) -> None:
        self.sessions -= 1

    def show(self, *accounts: str, kind: str = "AccountChooser") -> None:
        offered = [{"accountId": account} for account in accounts]
        self.listeners["FedCm.dialogShown"]({"dialogId": "d1", "dialogType": kind, "accounts": offered})


def test_an_account_is_chosen_by_its_id_also_where_the_dialog_was_there_before() -> None:
    async def work() -> None:
        page, chooser = FakeDialogs(), AccountChooser()
        await chooser.mind(page)  # type: ignore[arg-type]
        await chooser.mind(page)  # type: ignore[arg-type]
        page.show("alice", "bob")
        await chooser.choose(page, "bob", 1)  # type: ignore[arg-type]
        assert page.sent == [("FedCm.enable", {}), ("FedCm.selectAccount", {"dialogId": "d1", "accountIndex": 1})]
        await chooser.end()
        assert page.sessions == 0

    run(work())


def test_a_dialog_may_be_closed_whatever_it_asks() -> None:
    async def work() -> None:
        page, chooser = FakeDialogs(), AccountChooser()
        await chooser.mind(page)  # type: ignore[arg-type]
        page.show(kind="ConfirmIdpLogin")
        await chooser.choose(page, None, 1)  # type: ignore[arg-type]
        assert page.sent[1:] == [("FedCm.dismissDialog", {"dialogId": "d1"})]

    run(work())


@pytest.mark.parametrize(
    ("accounts", "kind", "why"),
    [
        (["bob", "eve"], "AccountChooser", "does not offer alice: it offers bob, eve"),
        ([], "ConfirmIdpLogin", "does not offer alice: it is of the kind ConfirmIdpLogin"),
        (["alice"], "AutoReauthn", "does not offer alice: it is of the kind AutoReauthn"),
    ],
)
def test_what_is_not_offered_is_not_chosen(accounts: list[str], kind: str, why: str) -> None:
    async def work() -> None:
        page, chooser = FakeDialogs(), AccountChooser()
        await chooser.mind(page)  # type: ignore[arg-type]
        page.show(*accounts, kind=kind)
        with pytest.raises(TimeoutError, match=why):
            await chooser.choose(page, "alice", 1)  # type: ignore[arg-type]

    run(work())


def test_a_dialog_is_answered_but_once() -> None:
    async def work() -> None:
        page, chooser = FakeDialogs(), AccountChooser()
        await chooser.mind(page)  # type: ignore[arg-type]
        page.show("alice")
        await chooser.choose(page, "alice", 1)  # type: ignore[arg-type]
        with pytest.raises(TimeoutError, match="the browser has not asked who signs in"):
            await chooser.choose(page, "alice", 0.05)  # type: ignore[arg-type]

    run(work())


def test_a_browser_that_does_not_answer_is_not_waited_for() -> None:
    async def work() -> None:
        page, chooser = FakeDialogs(), AccountChooser()
        await chooser.mind(page)  # type: ignore[arg-type]
        page.show("alice")
        page.silent = True
        with pytest.raises(TimeoutError, match="gave no answer within"):
            await chooser.choose(page, "alice", 0.05)  # type: ignore[arg-type]

    run(work())


def test_a_window_in_which_the_browser_did_not_listen_is_tried_again() -> None:
    async def work() -> None:
        page, chooser = FakeDialogs(), AccountChooser()
        page.broken = True
        with pytest.raises(RuntimeError):
            await chooser.mind(page)  # type: ignore[arg-type]
        page.broken = False
        await chooser.mind(page)  # type: ignore[arg-type]
        assert page.sent == [("FedCm.enable", {})]

    run(work())


def test_a_dialog_that_is_gone_is_waited_for_anew() -> None:
    async def work() -> None:
        page, chooser = FakeDialogs(), AccountChooser()
        await chooser.mind(page)  # type: ignore[arg-type]
        page.show("alice")
        page.listeners["FedCm.dialogClosed"]({"dialogId": "d1"})
        with pytest.raises(TimeoutError, match="the browser has not asked who signs in"):
            await chooser.choose(page, "alice", 0.05)  # type: ignore[arg-type]

    run(work())
