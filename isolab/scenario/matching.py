"""`when`: whether a pattern holds for a case, and for which engines."""

from __future__ import annotations

from collections.abc import Mapping

from isolab.scenario.case import ENGINE_NAMES, EngineName, Scalar
from isolab.scenario.wording import alike

ENGINE = "engine"
Pattern = Mapping[str, object]


def choices(pattern: object) -> list[Scalar]:
    """A pattern's values, whether it is one or a list."""
    return list(pattern) if isinstance(pattern, list) else [pattern]  # type: ignore[list-item]


def matches(when: Pattern | None, params: Mapping[str, Scalar]) -> bool:
    """Whether every parameter named has one of the values; the engine is left to :func:`engines`."""
    return all(
        name == ENGINE or (name in params and any(alike(params[name], choice) for choice in choices(pattern)))
        for name, pattern in (when or {}).items()
    )


def engines(when: Pattern | None) -> tuple[EngineName, ...]:
    """The engines that the pattern holds for: all, unless it names some."""
    if not when or ENGINE not in when:
        return ENGINE_NAMES
    named = choices(when[ENGINE])
    return tuple(engine for engine in ENGINE_NAMES if engine in named)
