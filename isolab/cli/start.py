"""The very beginning of the command: Ctrl-C is understood before anything is imported that takes time."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from types import FrameType
from typing import NoReturn


def start(args: Sequence[str] | None = None) -> NoReturn:
    """Import the command and be it; ends the process with its exit code. Raises KeyboardInterrupt."""
    with leaving_at_once():
        # Here and not above: these imports are most of what is done before a run.
        from isolab.cli.app import main
    main(args)


@contextmanager
def leaving_at_once() -> Iterator[None]:
    """While entered, Ctrl-C ends the process on the spot: there is nothing to clean up yet.

    An exception would not do: in a callback of the import system Python prints it and goes on. Where Ctrl-C is ignored
    (`nohup`) or whoever embeds isolab has a handler, that stays.
    """
    ours = threading.current_thread() is threading.main_thread()
    if not ours or signal.getsignal(signal.SIGINT) is not signal.default_int_handler:
        yield
        return
    signal.signal(signal.SIGINT, _leave)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def _leave(_number: int, _frame: FrameType | None) -> NoReturn:
    # As a shell counts it.
    os._exit(128 + signal.SIGINT)
