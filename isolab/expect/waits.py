"""Wait for a page to come to something: Playwright asks it again and again, over navigations, until the deadline."""

from __future__ import annotations

import json
from collections.abc import Callable
from time import monotonic
from typing import Any, TypeVar

from playwright.sync_api import Error
from playwright.sync_api import TimeoutError as DeadlineError

from isolab.expect.steps import Steps

__tracebackhide__ = True
"""For pytest: a failure is shown at the line of the test, not in here."""

T = TypeVar("T")

_CRASHED = ("Page crashed", "Target crashed")
"""What Playwright says then."""

REST_S = 5.0
"""How long a page that moves on whenever it is looked at may do so, in seconds."""

GRACE_MS = 5000.0
"""How much longer than its deadline an assertion may take to learn what a page is like, in milliseconds."""

LOOK_MS = 250.0
"""How often what no one event tells is looked for, in milliseconds: Playwright has none for requests that it knows."""

_ASK = "async ([argument, ms]) => JSON.stringify([await ({script})(argument, ms)])"

_AGAIN = """async (argument, ms) => {{
  const end = performance.now() + ms;
  const rest = (pause) => new Promise((resolve) => {{ setTimeout(resolve, pause, false); }});
  for (let pause = 50; ; pause = Math.min(2 * pause, 1000)) {{
    const left = Math.max(end - performance.now(), {least});
    if (await Promise.race([({script})(argument, left), rest(left)])) return true;
    if (performance.now() + pause > end) return false;
    await rest(pause);
  }}
}}"""
"""Tries a script again until the deadline, less often with time: each costs a request or a worker."""

LEAST_MS = 1000.0
"""How long such a try may take at least, in milliseconds: what is there at the deadline counts."""


def asked(page: Any, script: str, argument: Any, timeout: float = 0) -> Steps[Any]:
    """What a script says, as JSON has it; it gets the argument, and `timeout`: how long it may take, in milliseconds.

    Not by `page.evaluate`, which has no limit: a page may be busy for good, and ends what it is asked when it moves on.
    Raises AssertionError where the page closes, crashes or gives no answer.
    """
    ask, limit = _ASK.format(script=script), max(timeout, 0) + GRACE_MS
    try:
        handle = yield lambda: page.wait_for_function(ask, arg=[argument, timeout], timeout=limit)
        (told,) = _parsed((yield handle.json_value))
    except DeadlineError:
        raise AssertionError(
            f"{page.url} gives no answer within {limit / 1000:g} s: a script of its own keeps it busy, a dialog is "
            "open, its clock stands still (`page.clock`), or it moves on again and again"
        ) from None
    except Error as error:
        raise _told(page, error) from error
    return told


def _parsed(text: str) -> Any:
    """What JSON says; where a page gives every array a `toJSON` (Prototype 1.6 does), it says it as text."""
    said = json.loads(text)
    return json.loads(said) if isinstance(said, str) else said


def comes_to(page: Any, script: str, argument: Any, timeout: float) -> Steps[bool]:
    """Whether a script comes to say so within `timeout` milliseconds.

    Raises AssertionError where the page closes or crashes.
    """
    try:
        yield lambda: page.wait_for_function(script, arg=argument, timeout=max(timeout, 1))  # 0: without an end
    except DeadlineError:
        return False
    except Error as error:
        raise _told(page, error) from error
    return True


def succeeds(page: Any, script: str, argument: Any, timeout: float) -> Steps[bool]:
    """The same for what takes a while and is costly: a script that returns a promise of whether it has succeeded.

    It is tried again in the page itself, and after the page has moved on.
    """
    return bool((yield from asked(page, _AGAIN.format(script=script, least=LEAST_MS), argument, timeout)))


def again_if_moved(page: Any, look: Callable[[], Steps[T]]) -> Steps[T]:
    """What a look at a page comes to; made again where the page moves on under it, for as long as REST_S.

    Raises AssertionError where the page closes or crashes.
    """
    end = monotonic() + REST_S
    while True:
        try:
            return (yield from look())
        except Error as error:
            if page.is_closed() or monotonic() >= end:
                raise _told(page, error) from error
        yield from comes_to(page, "() => document.readyState !== 'loading'", None, max(1.0, end - monotonic()) * 1000)


def _told(page: Any, error: Error) -> Exception:
    """The error, or what it means where the page is closed or has crashed."""
    gone = "is closed" if page.is_closed() else "has crashed" if any(word in str(error) for word in _CRASHED) else None
    return AssertionError(f"{page.url} {gone}: nothing can be said of it any more") if gone else error


def hears(page: Any, event: str, wanted: Callable[[Any], bool], timeout: float) -> Steps[bool]:
    """Whether a page's event of this name comes within `timeout` milliseconds.

    Raises AssertionError where the page closes or crashes.
    """
    try:
        yield lambda: page.wait_for_event(event, predicate=wanted, timeout=max(timeout, 1))
    except DeadlineError:
        return False
    except Error as error:
        raise _told(page, error) from error
    return True
