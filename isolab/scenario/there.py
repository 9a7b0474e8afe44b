"""Looking at a path that somebody typed, which need not be one that the system can have."""

from __future__ import annotations

from collections.abc import Callable


def holds(look: Callable[[], bool]) -> bool:
    """The answer of `Path.exists`, `is_file` or `is_dir`; False where the system refuses to look.

    Up to Python 3.13 they raise OSError for a name that is too long, and for a folder that may not be entered. The id
    of a case can be such a name.
    """
    try:
        return look()
    except OSError:
        return False
