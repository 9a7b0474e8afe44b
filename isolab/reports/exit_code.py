"""The exit codes that every command shares, and which of them a run has."""

from __future__ import annotations

EXIT_OK = 0
EXIT_FAILED = 1
EXIT_USAGE = 2
EXIT_UNAVAILABLE = 3
EXIT_DEFECT = 4
EXIT_NOTHING = 5
EXIT_INTERRUPTED = 130


def exit_code(*, interrupted: bool, unavailable: bool, defect: bool, failed: bool, nothing: bool) -> int:
    """Give the exit code of a run: the first that applies of 130, 3, 4, 1, 5, 0.

    An interrupted run says nothing about the cases that it did not reach, so 130 stands before all others. 2 is the
    command's: wrong usage ends before there is a run, and a report that cannot be written is found out after it; it
    stands before all but 130.
    """
    return next(
        code
        for code, applies in (
            (EXIT_INTERRUPTED, interrupted),
            (EXIT_UNAVAILABLE, unavailable),
            (EXIT_DEFECT, defect),
            (EXIT_FAILED, failed),
            (EXIT_NOTHING, nothing),
            (EXIT_OK, True),
        )
        if applies
    )
