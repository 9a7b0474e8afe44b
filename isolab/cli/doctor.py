"""`isolab doctor`: which engines are here, what they really do, and how to get what is missing."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Callable, Iterator, Sequence

import rich_click as click
from rich.console import RenderableType
from rich.text import Text

from isolab.cli.choose import engines_here, how_to_get
from isolab.cli.consoles import for_people
from isolab.cli.errors import Unavailable
from isolab.cli.options import verbose_option
from isolab.cli.written import require_writable, write_only
from isolab.engines.engine import Engine, EngineError
from isolab.engines.install import get_browser_libraries, install
from isolab.engines.npm import get_libraries
from isolab.engines.remedy import Remedy, missing
from isolab.lab.server import PortError
from isolab.reports import files
from isolab.reports.closing import print_all
from isolab.reports.document import enforcement_entry
from isolab.reports.exit_code import EXIT_OK, EXIT_UNAVAILABLE
from isolab.reports.words import one_line, visible
from isolab.runner.events import Enforcement
from isolab.runner.examine import examine
from isolab.scenario.case import ENGINE_NAMES, EngineName

Finding = tuple[Engine, Enforcement | str]

_QUESTIONS: tuple[tuple[str, str], ...] = (
    ("keeps_opener", "keeps the opener without COOP"),
    ("severs", "severs it with COOP"),
    ("isolates", "crossOriginIsolated with COOP and COEP"),
    ("shares_memory", "shares a SharedArrayBuffer with a worker"),
)
_ANSWERS = {True: ("yes", "green"), False: ("no", "bold yellow"), None: ("not measured", "dim")}


@click.command()
@click.option("--install", "get", is_flag=True, help="Get missing engines, and libraries that scenarios serve.")
@click.option("--json", "json_target", metavar="FILE", help="Write the findings as JSON (`-`: standard output).")
@verbose_option("Tracebacks.")
def doctor(*, get: bool, json_target: str | None, verbose: bool) -> int:  # noqa: ARG001
    """Find the engines, try what each enforces, and say how to get what is missing."""
    if json_target is not None:
        require_writable(json_target)
    if get:
        _get_missing(to_stderr=json_target == files.STDOUT)
    engines = engines_here()
    findings = _examined(engines)
    if get and (lacking := _without_libraries(findings)):
        get_browser_libraries(lacking, _saying(to_stderr=json_target == files.STDOUT))
        findings = _examined(engines)
    remedies = missing(engines)
    print_all(for_people(stderr=json_target == files.STDOUT), _told(findings, remedies))
    if json_target is not None:
        write_only(json_target, _json(findings, remedies))
    healthy = bool(findings) and not any(isinstance(found, str) for _, found in findings)
    return EXIT_OK if healthy else EXIT_UNAVAILABLE


def _examined(engines: Sequence[Engine]) -> list[Finding]:
    try:
        return asyncio.run(examine(engines))
    except PortError as error:
        raise Unavailable(str(error)) from error


def _without_libraries(findings: Sequence[Finding]) -> list[EngineName]:
    """Playwright's own builds that do not start: a cache brings them along, and not the libraries of the system."""
    if sys.platform != "linux":
        return []
    return [engine.name for engine, found in findings if engine.bundled and isinstance(found, str)]


def _saying(*, to_stderr: bool) -> Callable[[str], None]:
    return lambda line: click.echo(visible(line), err=to_stderr)


def _get_missing(*, to_stderr: bool) -> None:
    say = _saying(to_stderr=to_stderr)
    get_libraries(say)
    names = [remedy.engine for remedy in missing(engines_here())]
    if not names:
        say(f"nothing to get: {', '.join(ENGINE_NAMES)} are here")
        return
    try:
        left = install(names, say)
    except EngineError as error:
        raise Unavailable(str(error)) from error
    if left:
        say(f"still missing: {', '.join(left)}")


def _told(findings: Sequence[Finding], remedies: Sequence[Remedy]) -> Iterator[RenderableType]:
    for engine, found in findings:
        yield Text(f"{engine.name} {one_line(engine.version)}", "bold")
        yield Text(one_line(f"  {engine.driver}, {engine.origin}: {engine.executable}"))
        if isinstance(found, str):
            yield Text("  does not start: ", "bold red").append(visible(found), "not bold default")
        else:
            yield from _measured(found)
    if not findings:
        yield Text("no engine was found on this machine", "bold red")
    if remedies:
        yield Text(how_to_get("missing:", remedies))


def _measured(found: Enforcement) -> Iterator[Text]:
    for name, question in _QUESTIONS:
        answer, style = _ANSWERS[getattr(found, name)]
        yield Text(f"  {question}: ").append(answer, style)
    yield from (Text(f"  {visible(sentence)}", "yellow") for sentence in found.detail)


def _json(findings: Sequence[Finding], remedies: Sequence[Remedy]) -> str:
    engines = [
        {
            "name": engine.name,
            "version": engine.version,
            "driver": engine.driver,
            "executable": engine.executable,
            "origin": engine.origin,
            "enforcement": None if isinstance(found, str) else enforcement_entry(found),
            "failed": found if isinstance(found, str) else None,
        }
        for engine, found in findings
    ]
    absent = [
        {"name": one.engine, "why": one.why, "commands": list(one.commands), "needs_root": one.needs_root}
        for one in remedies
    ]
    return json.dumps({"version": 1, "engines": engines, "missing": absent}, indent=1) + "\n"
