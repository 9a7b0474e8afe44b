"""What is kept of a case that is not as expected: a screenshot of every window, the full record and its control's."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict
from itertools import count
from pathlib import Path

from isolab.engines.engine import EngineError, Slot
from isolab.lab.document import Document
from isolab.runner.result import CaseResult
from isolab.runner.trial import Flown
from isolab.scenario.case import EngineName


def folder_of(root: Path, case_id: str, engine: EngineName, attempt: int) -> Path:
    """Where a case's artifacts go: one folder per case, engine and attempt, with names that every system takes."""
    readable = re.sub(r"[^a-zA-Z0-9=,-]+", "_", case_id)[:120].strip("_")
    digest = hashlib.sha256(case_id.encode()).hexdigest()[:8]
    return root / f"{readable}-{digest}" / (engine if attempt == 1 else f"{engine}-{attempt}")


class Keeping:
    """What one run has kept: the folders that it took, what could not be written, and what else is to be noted.

    All engines of a run share one.

    Nothing here raises OSError: a full disk is no reason to lose what is being measured.
    """

    def __init__(self) -> None:
        self._taken: set[Path] = set()
        self._failures: list[str] = []
        self._notes: list[str] = []

    def note(self, sentence: str) -> None:
        """Have something said at the end of the run."""
        self._notes.append(sentence)

    @property
    def notes(self) -> tuple[str, ...]:
        """What was noted, and one sentence about all that could not be written, with the first path and reason."""
        if not self._failures:
            return tuple(self._notes)
        more = f" ({len(self._failures) - 1} more)" if len(self._failures) > 1 else ""
        return (*self._notes, f"not all artifacts could be kept{more}: {self._failures[0]}")

    def take(self, folder: Path) -> Path:
        """A folder for one flight, free of an earlier run's artifacts; `folder` itself if this run has not taken it.

        Else a further round (`--repeat`) has failed too, and the case's folder gets a number: `CASE-2/ENGINE`. The
        engine's own number is that of the attempt.
        """
        case = folder.parent
        numbered = (case.with_name(f"{case.name}-{number}") / folder.name for number in count(2))
        free = folder if folder not in self._taken else next(one for one in numbered if one not in self._taken)
        self._taken.add(free)
        self._empty(free)
        return free

    def _empty(self, folder: Path) -> None:
        try:
            # Only what we write ourselves: somebody may have put notes beside it.
            old = [path for path in folder.iterdir() if _OURS.fullmatch(path.name)] if folder.is_dir() else []
            for path in old:
                path.unlink()
        except OSError as error:
            self._fail(folder, error)

    def write(self, folder: Path, files: Sequence[tuple[str, bytes]]) -> list[str]:
        """Write files of a name and content each; returns the paths of those that are whole."""
        return [str(folder / name) for name, content in files if self._written(folder / name, content)]

    def _written(self, path: Path, content: bytes) -> bool:
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        except OSError as error:
            self._fail(path, error)
            # Half a file would be taken for a whole one.
            with suppress(OSError):
                path.unlink()
            return False
        return True

    def _fail(self, path: Path, error: OSError) -> None:
        self._failures.append(f"{error.filename or path}: {error.strerror or error}")


_OURS = re.compile(r"window-\d+\.(png|txt)|(record|control)\.json")


async def photograph(kept: Keeping, slot: Slot, folder: Path) -> list[str]:
    """A PNG of each window that is open now; a window that cannot be pictured is left out and said so in a file.

    Returns the paths of what was written, in `folder` or a numbered sibling.
    """
    pictures: list[tuple[str, bytes]] = []
    for number, window in enumerate(await slot.windows()):
        try:
            pictures.append((f"window-{number}.png", await slot.screenshot(window.handle)))
        except (EngineError, TimeoutError) as error:
            pictures.append((f"window-{number}.txt", _utf8(f"no picture of {window.url}: {error}\n")))
    return kept.write(kept.take(folder), pictures)


def write_record(
    kept: Keeping,
    result: CaseResult,
    flown: Flown,
    seen: dict[str, object],
    folder: Path,
    *,
    pictures: Sequence[str] = (),
    control: Flown | None = None,
) -> list[str]:
    """Everything that was seen, as JSON, beside the flight's `pictures` if there are any; `seen` is the driver's part.

    With what was seen of its control, if that was another flight: why it does not bear the case out is told there only.
    Returns the paths of what could be written.
    """
    place = Path(pictures[0]).parent if pictures else kept.take(folder)
    files = [("record.json", _json(_told(result, flown, seen)))]
    if control is not None and control is not flown:
        files.append(("control.json", _json(_told_of_control(result.engine, control))))
    return kept.write(place, files)


def _json(told: dict[str, object]) -> bytes:
    return _utf8(json.dumps(told, indent=2, ensure_ascii=False, default=str) + "\n")


def _utf8(text: str) -> bytes:
    # Pages may say lone surrogates; written as \udXXX they are what JSON has for them.
    return text.encode("utf-8", errors="backslashreplace")


def _told(result: CaseResult, flown: Flown, seen: dict[str, object]) -> dict[str, object]:
    return {
        "case": result.case.id,
        "scenario": result.case.scenario,
        "params": dict(result.case.params),
        "engine": result.engine,
        "outcome": result.outcome,
        "error": result.error,
        "checks": [
            {
                "what": c.check.what,
                "expected": c.check.expected,
                "observed": c.observed,
                "predicted": c.predicted,
                "reason": c.reason,
                "error": c.error,
            }
            for c in result.checks
        ],
        **seen,
        **_recorded(flown),
    }


def _told_of_control(engine: EngineName, flown: Flown) -> dict[str, object]:
    """It is judged by nobody, so it has observations and no outcome."""
    return {
        "case": flown.case.id,
        "engine": engine,
        "error": flown.step_error or flown.contradiction,
        "observed": {check.what: observed for check, observed in flown.observed.items()},
        **_recorded(flown),
    }


def _recorded(flown: Flown) -> dict[str, object]:
    """What the server was asked, answered and told."""
    record = flown.record
    return {
        "requests": [asdict(served) for served in record.requests],
        "reports": [asdict(report) for report in record.reports],
        "documents": [_seen_of(document) for document in record.documents.values()],
        "refused hosts": record.refused,
    }


def _seen_of(document: Document) -> dict[str, object]:
    """Without what only serves to put its words in order."""
    return {name: value for name, value in asdict(document).items() if name not in ("numbers", "newest")}
