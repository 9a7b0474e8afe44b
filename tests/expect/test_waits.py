from __future__ import annotations

import pytest
from playwright.sync_api import Error

from isolab.expect import waits
from isolab.expect.steps import Steps, run_sync
from isolab.expect.waits import again_if_moved, hears


class Moving:
    """A page that moves on under the first `moves` looks at it, or closes under them."""

    url = "https://app.example/"

    def __init__(self, moves: int, *, closes: bool = False) -> None:
        self.moves = moves
        self.closes = closes
        self.waited = 0

    def is_closed(self) -> bool:
        return self.closes

    def wait_for_function(self, script: str, *, arg: object, timeout: float) -> None:
        assert "readyState" in script
        assert arg is None
        assert timeout > 0
        self.waited += 1

    def evaluate(self) -> str:
        if self.moves:
            self.moves -= 1
            raise Error("Execution context was destroyed, most likely because of a navigation")
        return "seen"

    def look(self) -> Steps[str]:
        seen: str = yield self.evaluate
        return seen


def test_a_page_that_moves_on_under_a_look_is_looked_at_again_once_it_is_there() -> None:
    page = Moving(2)
    assert run_sync(again_if_moved(page, page.look)) == "seen"
    assert page.waited == 2


def test_a_page_that_closes_under_a_look_is_told_as_closed() -> None:
    page = Moving(1, closes=True)
    with pytest.raises(AssertionError, match=r"https://app\.example/ is closed"):
        run_sync(again_if_moved(page, page.look))


def test_a_page_that_closes_while_an_event_is_waited_for_is_told_as_closed() -> None:
    class Closing(Moving):
        def wait_for_event(self, event: str, *, predicate: object, timeout: float) -> None:
            assert (event, timeout) == ("requestfailed", 1)
            raise Error("Target page, context or browser has been closed")

    with pytest.raises(AssertionError, match=r"https://app\.example/ is closed"):
        run_sync(hears(Closing(0, closes=True), "requestfailed", bool, 0))


def test_a_page_that_never_rests_is_given_up_with_the_drivers_word(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(waits, "REST_S", 0.0)
    page = Moving(1)
    with pytest.raises(Error, match="context was destroyed"):
        run_sync(again_if_moved(page, page.look))
