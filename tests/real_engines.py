"""The engines of this machine, for tests that need real ones."""

from __future__ import annotations

import os
from functools import cache
from typing import NoReturn

import pytest

from isolab.engines.engine import Engine
from isolab.engines.registry import find_engines
from isolab.engines.remedy import missing
from isolab.scenario.case import EngineName

REQUIRE = "ISOLAB_REQUIRE_ENGINES"
"""With this variable at 1 an engine that is not on the machine fails the tests that want it."""


@cache
def _found() -> dict[EngineName, Engine]:
    return {engine.name: engine for engine in find_engines()}


def engine_named(name: EngineName) -> Engine:
    """The engine; skips the test, or fails it where engines are required, if this machine has none."""
    if name in _found():
        return _found()[name]
    return lacking(f"no {name}: {missing(list(_found().values()), [name])[0].why}")


def lacking(why: str) -> NoReturn:
    """Skip the test for want of an engine, or fail it where engines are required."""
    if os.environ.get(REQUIRE) == "1":
        pytest.fail(f"{REQUIRE}=1, but {why}")
    pytest.skip(why)
