"""What several engines did alike is told whole of the first one, and in short of each that follows."""

from __future__ import annotations

from isolab.reports.failure import engine_title
from isolab.reports.tally import Tally
from isolab.runner.result import CaseResult

_PLACE = "--> "
_CASE = " = case: "
_ITS_OWN = " = artifact: "


class Repeats:
    """The messages of a run so far; `tally` knows its engines by the time that they have results."""

    def __init__(self, tally: Tally) -> None:
        self._tally = tally
        self._first: dict[tuple[str, str], str] = {}

    def told(self, result: CaseResult, message: str) -> str:
        """Give the message, or in short what it says, where it has been told of the same case in another engine."""
        title = engine_title(result, self._tally.engines.get(result.engine))
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
