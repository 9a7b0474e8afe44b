"""A case's result as pytest knows outcomes."""

from __future__ import annotations

import warnings

import pytest

from isolab.reports.failure import messages
from isolab.runner.result import CaseResult, EngineInfo

__tracebackhide__ = True
"""For pytest: a failure is shown at the line of the test, not in here."""


class NotAsExpected(AssertionError):  # noqa: N818  it says what is the matter
    """An expectation failed or could not be judged: the message has the excerpt with the caret, and the cause."""


class UnexpectedPass(UserWarning):
    """An engine that was said to differ from the standard does not any more."""


def conclude(result: CaseResult, info: EngineInfo | None) -> None:
    """Return where all is as expected or as known to differ.

    Raises NotAsExpected, or pytest's own exception where the scenario says that it is to be skipped in this engine.
    """
    if result.skipped is not None:
        pytest.skip(result.skipped)
    if result.outcome in ("failed", "error"):
        raise NotAsExpected("\n\n".join(messages(result, info)))
    if result.outcome == "unexpected-pass":
        gone = [check.check.what for check in result.checks if check.unexpected_pass]
        text = f"{result.case.id}: a known difference of {result.engine} is gone: {', '.join(gone)}"
        warnings.warn(UnexpectedPass(text), stacklevel=2)
