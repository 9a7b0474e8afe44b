"""What several engines did alike is told whole of the first one, and in short of each that follows."""

from __future__ import annotations

from collections.abc import Mapping

from isolab.reports.failure import engine_title
from isolab.runner.result import CaseResult, EngineInfo
from isolab.scenario.case import EngineName

_PLACE = "--> "
_CASE = " = case: "
_ITS_OWN = " = artifact: "


class Repeats:
    """The messages of a run so far. `engines` may fill up meanwhile."""

    def __init__(self, engines: Mapping[EngineName, EngineInfo]) -> None:
        self._engines = engines
        self._first: dict[tuple[str, str], str] = {}

    def told(self, result: CaseResult, message: str) -> str:
        """Give the message, or in short what it says, where it has been told of the same case in another engine."""
        title = engine_title(result, self._engines.get(result.engine))
        lines = message.splitlines()
        alike = "\n".join(line for line in lines if _ITS_OWN not in line).replace(title, "")
        first = self._first.setdefault((result.case.id, alike), title)
        return message if first == title else "\n".join(_short(lines, first))


def _short(lines: list[str], first: str) -> list[str]:
    """The title, the place and the case, and the artifacts, which are this engine's own."""
    places = [line for line in lines[1:] if line.lstrip().startswith(_PLACE)][:1]
    gutter = " " * (len(places[0]) - len(places[0].lstrip()) if places else 2)
    case, own = ([line for line in lines if kind in line] for kind in (_CASE, _ITS_OWN))
    return [lines[0], *places, *case, f"{gutter} = as in {first}, above", *own]
