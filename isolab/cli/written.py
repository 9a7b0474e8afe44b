"""Reports made and written one after the other, whatever becomes of each; and the one file of other commands."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import rich_click as click
from rich.text import Text

from isolab.cli.consoles import for_people
from isolab.reports import files
from isolab.reports.closing import print_all
from isolab.reports.form import ResultsFile
from isolab.reports.words import visible


@dataclass(frozen=True, slots=True)
class Report:
    """One report to be made; `put` writes its text to the target. `asked` ones must not be missing in the end."""

    target: str
    render: Callable[[ResultsFile], str]
    put: Callable[[str, str], None] = files.write
    asked: bool = True


def write_all(reports: Iterable[Report], results: ResultsFile) -> bool:
    """Write the reports and say which could not be; returns whether all that were asked for are there.

    A format that cannot be made is a defect, kept in `results`, and takes no other with it.
    """
    complete = True
    for report in reports:
        try:
            text = report.render(results)
        except Exception:  # noqa: BLE001 - one format's defect must not take the other files with it
            results["defects"].append(traceback.format_exc())
            continue
        try:
            report.put(report.target, text)
        except OSError as error:
            complete = complete and not report.asked
            _say_unwritten(report, error)
        except UnicodeError:
            # A lone surrogate that the format has let through.
            results["defects"].append(traceback.format_exc())
    return complete


def require_writable(target: str) -> None:
    """Raise click.UsageError where no file can be written at `target`."""
    if (why := files.obstacle(target)) is not None:
        raise click.UsageError(f"cannot write {target}: {why}")


def write_only(target: str, text: str) -> None:
    """Write the one file that a command was asked for. Raises click.UsageError where that cannot be done after all.

    Raises BrokenPipeError where nobody reads standard output any more, which is no mistake of anybody's.
    """
    try:
        files.write(target, text)
    except BrokenPipeError:
        raise
    except OSError as error:
        raise click.UsageError(f"cannot write {target}: {error.strerror or error}") from error


def _say_unwritten(report: Report, error: OSError) -> None:
    kind = "error" if report.asked else "note"
    told = visible(f"{kind}: could not write {report.target}: {error.strerror or error}")
    print_all(for_people(stderr=True), [Text(told)])
