"""`isolab serve`: one case, served for a browser that somebody uses by hand; its pages report all the same."""

from __future__ import annotations

import asyncio
import ipaddress
from collections.abc import Callable

import rich_click as click

from isolab.cli.errors import NothingSelected, Unavailable
from isolab.cli.nothing import why_nothing
from isolab.cli.options import verbose_option
from isolab.cli.select import cases_at
from isolab.lab.record import Record, Report
from isolab.lab.server import AUTHORITY, Lab, PortError, open_lab
from isolab.lab.stage import Stage
from isolab.reports.exit_code import EXIT_INTERRUPTED
from isolab.reports.words import one_line, say
from isolab.scenario.case import Case, Open

_LOUD = frozenset({"load", "facts", "handle", "heard", "embed", "says", "leave", "error"})
"""The words worth a line; the rest is the probe's own housekeeping."""


@click.command()
@click.argument("case", metavar="CASE")
@click.option("--host", default="127.0.0.1", show_default=True, help="Listen there: 0.0.0.0 lets a phone in.")
@click.option("--port", type=click.IntRange(0, 65535), default=0, help="Listen on this port (default: a free one).")
@verbose_option("Tracebacks.")
def serve(*, case: str, host: str, port: int, verbose: bool) -> int:  # noqa: ARG001
    """Serve one CASE (a file with one case, or an id) until Ctrl-C, and print what its pages report.

    Any browser takes part that is given the printed address as its proxy.
    """
    try:
        asyncio.run(_serve(_only(case), host, port, click.echo))
    except PortError as error:
        raise Unavailable(str(error)) from error
    except KeyboardInterrupt:
        return EXIT_INTERRUPTED
    return EXIT_INTERRUPTED


def _only(target: str) -> Case:
    cases = cases_at([target])
    if not cases:
        raise NothingSelected(why_nothing([target]))
    if len(cases) > 1:
        ids = "\n".join(f"  {case.id}" for case in cases[:20])
        raise click.UsageError(f"{target} has {len(cases)} cases; which one?\n{ids}")
    return cases[0]


async def _serve(case: Case, host: str, port: int, say: Callable[[str], None]) -> None:
    async with open_lab(host, port) as lab:
        stage = lab.plain_stage()
        record = stage.play(case)
        for line in _instructions(case, host, lab, stage):
            say(one_line(line))
        await _follow(record, say)


def _instructions(case: Case, host: str, lab: Lab, stage: Stage) -> list[str]:
    reachable = _reachable(host)
    proxy = f"http://{reachable}:{lab.port}"
    opened = next(step.page for step in case.steps if isinstance(step, Open))
    start = stage.address(case.pages[opened])
    trust = f"--ignore-certificate-errors-spki-list={lab.authority.spki}"
    return [
        f"{case.id}: {case.title}",
        f"proxy      {proxy}   (for http and https)",
        *_elsewhere(host, reachable),
        f"start at   {start}",
        f"authority  {proxy}{AUTHORITY}   (a certificate for this run, if the browser asks)",
        f"Chromium   chromium --user-data-dir=$(mktemp -d) --proxy-server={proxy} '{trust}' {start}",
        "",
    ]


def _reachable(host: str) -> str:
    """How a URL names the host for a browser on this machine: `0.0.0.0` and `::` can be listened on, not asked."""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host
    if isinstance(address, ipaddress.IPv4Address):
        return "127.0.0.1" if address.is_unspecified else host
    return "[::1]" if address.is_unspecified else f"[{host}]"


def _elsewhere(host: str, reachable: str) -> list[str]:
    """What other machines must be told, where the printed address is not the one that is listened on."""
    if reachable.strip("[]") == host:
        return []
    return [f"           other machines use this machine's own address in place of {reachable}"]


async def _follow(record: Record, say: Callable[[str], None]) -> None:
    told: list[Report] = []

    def news() -> list[Report] | None:
        return record.reports[len(told) :] or None

    while True:
        reports = await record.signal.until(news, None)
        told += reports
        for report in reports:
            if report.word in _LOUD:
                say(one_line(_line(report)))


def _line(report: Report) -> str:
    data = "  ".join(f"{name}={say(value)}" for name, value in report.data.items())
    return f"{report.at_s:8.2f} s  {report.page:<12}  {report.word:<7}  {data}"
