"""For doctor: each engine started and asked what it really enforces."""

from __future__ import annotations

from collections.abc import Sequence

from isolab.engines.engine import Engine, EngineError, Launch
from isolab.lab.server import Lab, open_lab
from isolab.runner.calibrate import calibrate
from isolab.runner.events import Enforcement


async def examine(engines: Sequence[Engine]) -> list[tuple[Engine, Enforcement | str]]:
    """What each engine enforces, or in one message why it does not start."""
    async with open_lab() as lab:
        return [(engine, await _examine(lab, engine)) for engine in engines]


async def _examine(lab: Lab, engine: Engine) -> Enforcement | str:
    try:
        async with engine.start(Launch(lab.port, lab.authority.spki)) as session:
            return await calibrate(lab, await session.slot(), engine.name)
    except EngineError as error:
        return str(error)
