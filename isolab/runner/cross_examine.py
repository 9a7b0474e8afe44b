"""The second witness: what the pages tell, held against the driver's list of windows and the server's log."""

from __future__ import annotations

from isolab.runner.arrival import AGREE_S
from isolab.runner.flight import Flight
from isolab.runner.named_window import NamedWindow
from isolab.waiting import Deadline, poll


class Contradiction(Exception):  # noqa: N818  it is what happened, not what went wrong in the program
    """The page and the driver do not say the same: an error, never a pass.

    `missing`: so many windows that should be open are not on the driver's list.
    """

    def __init__(self, message: str, missing: int = 0) -> None:
        super().__init__(message)
        self.missing = missing


async def cross_examine(flight: Flight) -> None:
    """Compare the pages' words with the driver's and the server's. Raises Contradiction."""
    _compare_with_the_log(flight)
    # Of what a quiet page opens by itself nobody is told, and a control goes on where its case does not.
    may_be_more = flight.case.control or any(page.quiet for page in flight.case.pages.values())

    async def agree() -> bool | None:
        flight.windows.claim()
        listed, alive = len(await flight.driver_windows()), _alive(flight)
        # A page that has asked to be closed may be gone without a farewell, or still be there: it had no right to.
        unsure = sum(1 for window in alive if flight.windows.closing(window))
        agreed = len(alive) - unsure <= listed and (may_be_more or listed <= len(alive))
        return True if agreed and flight.listed() else None

    try:
        with Deadline(max(flight.deadline.left_s, AGREE_S)) as deadline:
            await poll(agree, deadline)
    except TimeoutError as error:
        raise await _difference(flight) from error


def _compare_with_the_log(flight: Flight) -> None:
    """What was never asked for came from a cache, with the headers of another case."""
    asked = {served.page for served in flight.record.requests}
    for document in flight.record.documents.values():
        for embed in flight.case.pages[document.page].embeds:
            state = document.embeds.get(embed.name, {}).get("state")
            if state == "loaded" and embed.page not in asked:
                raise Contradiction(f"{document.page} has loaded {embed.name}, but nobody asked the server for it")


def _alive(flight: Flight) -> list[NamedWindow]:
    """Windows that show a document, or an error page instead of one."""
    return [w for w in flight.windows.open() if not (w.documents and w.documents[-1].left and not w.expecting)]


async def _difference(flight: Flight) -> Contradiction:
    listed, alive = await flight.driver_windows(), _alive(flight)
    told = ", ".join(w.name for w in alive) or "none"
    urls = ", ".join(flight.stage.canonical(w.url) for w in listed if w.url)
    strangers = ", ".join(d.page for d in flight.windows.unclaimed())
    return Contradiction(
        f"by the driver's list the number of open windows is {len(listed)}{f' ({urls})' if urls else ''}, "
        f"by the pages it is {len(alive)} ({told})"
        + (f"; page {strangers} shows in a window that no step names" if strangers else ""),
        missing=len(alive) - len(listed),
    )
