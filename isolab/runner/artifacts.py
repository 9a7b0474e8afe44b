"""What is kept of a case that is not as expected: a screenshot of every window and the full record."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import asdict
from pathlib import Path

from isolab.engines.engine import EngineError, Slot
from isolab.runner.result import CaseResult
from isolab.runner.trial import Flown
from isolab.scenario.case import EngineName


def folder_of(root: Path, case_id: str, engine: EngineName, attempt: int) -> Path:
    """Where a case's artifacts go: one folder per case, engine and attempt, with names that every system takes."""
    readable = re.sub(r"[^a-zA-Z0-9=,-]+", "_", case_id)[:120].strip("_")
    digest = hashlib.sha256(case_id.encode()).hexdigest()[:8]
    return root / f"{readable}-{digest}" / (engine if attempt == 1 else f"{engine}-{attempt}")


async def photograph(slot: Slot, folder: Path) -> list[str]:
    """A PNG of each window that is open now; a window that cannot be pictured is left out and said so in a file."""
    pictures: list[tuple[str, bytes]] = []
    for number, window in enumerate(await slot.windows()):
        try:
            pictures.append((f"window-{number}.png", await slot.screenshot(window.handle)))
        except (EngineError, TimeoutError) as error:
            pictures.append((f"window-{number}.txt", f"no picture of {window.url}: {error}\n".encode()))
    return _write(pictures, folder)


def _write(files: list[tuple[str, bytes]], folder: Path) -> list[str]:
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files:
        (folder / name).write_bytes(content)
    return [str(folder / name) for name, _ in files]


def write_record(result: CaseResult, flown: Flown, seen: dict[str, object], folder: Path) -> str:
    """Everything that was seen, as JSON; `seen` is the driver's part (windows, console)."""
    folder.mkdir(parents=True, exist_ok=True)
    record = flown.record
    told = {
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
        "requests": [asdict(served) for served in record.requests],
        "reports": [asdict(report) for report in record.reports],
        "documents": [asdict(document) for document in record.documents.values()],
        "refused hosts": record.refused,
    }
    path = folder / "record.json"
    path.write_text(json.dumps(told, indent=2, ensure_ascii=False, default=str) + "\n", encoding="utf-8")
    return str(path)
