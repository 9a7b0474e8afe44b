"""`isolab explain`: what the standards say of headers, of a scenario, or of responses. No browser, no network."""

from __future__ import annotations

import json as json_module
import sys
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from typing import Any

import rich_click as click

from isolab import __version__
from isolab.cli.consoles import note
from isolab.cli.errors import NothingSelected
from isolab.cli.nothing import why_nothing
from isolab.cli.options import verbose_option
from isolab.cli.select import cases_at
from isolab.explain.effects import misspelt
from isolab.explain.explain import explain_case, explain_responses
from isolab.explain.model import Explanation
from isolab.explain.piped import NotResponses, origin_of, read_responses
from isolab.explain.text import lines
from isolab.policy.response import Hop
from isolab.reports.exit_code import EXIT_OK
from isolab.reports.words import visible
from isolab.scenario.case import Case

STANDARD_INPUT = "-"
_NO_POPUP = "no popup is given: this is one of another site that sends no header"
Header = tuple[str, str]
Way = tuple[Hop, ...]


class HeaderParam(click.ParamType[Header]):
    """`Name: value`, as it is sent."""

    name = "NAME: VALUE"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Header:
        """Give the name and the value; fails with a usage error."""
        if isinstance(value, tuple):
            return value
        name, colon, text = str(value).partition(":")
        if not colon or not name.strip() or name != name.strip():
            raise click.BadParameter(f"{value!r} is not `Name: value`", ctx, param)
        return name, text.strip(" \t")


class UrlParam(click.ParamType[str]):
    """An http or https URL."""

    name = "URL"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Give it back; fails with a usage error."""
        try:
            origin_of(str(value))
        except ValueError as error:
            raise click.BadParameter(str(error), ctx, param) from error
        return str(value)


@click.command()
@click.argument("paths", metavar="[PATH]...", nargs=-1)
@click.option("-H", "--header", "headers", type=HeaderParam(), multiple=True, help="A header of the page (repeatable).")
@click.option(
    "-P", "--popup-header", "popup_headers", type=HeaderParam(), multiple=True, help="A header of the popup it opens."
)
@click.option("--url", type=UrlParam(), default="https://app.example/", help="Where the page is.", show_default=True)
@click.option(
    "--popup-url", type=UrlParam(), default="https://idp.example/", help="Where the popup goes.", show_default=True
)
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
@verbose_option("Tracebacks.")
def explain(
    *,
    paths: tuple[str, ...],
    headers: tuple[Header, ...],
    popup_headers: tuple[Header, ...],
    url: str,
    popup_url: str,
    as_json: bool,
    verbose: bool,  # noqa: ARG001
) -> int:
    """Say what the standards make of headers or scenarios, hop by hop, without a browser.

    PATH is a scenario as for `isolab run`, or `-` for responses on standard input as `curl -si URL` prints them
    (`-L`: redirects, too). Responses are the page's; with -H, which then gives the page, they are its popup's.
    """
    given = bool(headers or popup_headers)
    for name, _ in (*headers, *popup_headers):
        if (meant := misspelt(name)) is not None:
            note(f"no browser reads a header {name}: {meant} is meant, perhaps")
    if STANDARD_INPUT in paths or given or not paths:
        told = [_of_responses(paths, headers, popup_headers, url, popup_url)]
    else:
        told = _of_scenarios(paths)
    _print(told, as_json=as_json)
    return EXIT_OK


def _of_scenarios(paths: Sequence[str]) -> list[Explanation]:
    cases = cases_at(paths)
    if not cases:
        raise NothingSelected(why_nothing(paths))
    for case in cases:
        if case.upstreams:
            raise click.UsageError(_of_own_server(case))
    return [explain_case(case) for case in cases]


def _of_own_server(case: Case) -> str:
    """Why such a case is not explained: nothing may be said of headers that nobody has seen."""
    upstream = next(iter(case.upstreams.values()))
    return (
        f"{case.id}: what {upstream.url} sends as host `{upstream.host}` is known only once it is asked: run the case, "
        f"or pipe the responses in (`curl -siL {upstream.url}/PATH | isolab explain -`; those of a popup with its "
        "address and a header of the page that opens it: `isolab explain -H 'Name: value' --popup-url URL -`)"
    )


def _of_responses(
    paths: Sequence[str], headers: tuple[Header, ...], popup_headers: tuple[Header, ...], url: str, popup_url: str
) -> Explanation:
    piped = tuple(paths) == (STANDARD_INPUT,)
    if paths and not piped:
        raise click.UsageError("scenarios have headers of their own: leave out -H, -P and `-`, or the scenarios")
    if not (piped or headers or popup_headers):
        raise click.UsageError("nothing to explain: name a scenario, give headers with -H, or pipe responses into `-`")
    page: Way = (_hop(url, headers),)
    popup: Way = (_hop(popup_url, popup_headers),)
    if piped and headers:
        if popup_headers:
            raise click.UsageError("the responses are the popup's: leave out -P, or -H")
        return explain_responses(page, _read(popup_url))
    if piped:
        page = _read(url)
    return explain_responses(page, popup, assumption="" if popup_headers else _NO_POPUP)


def _hop(url: str, headers: tuple[Header, ...]) -> Hop:
    return Hop(url, origin_of(url), 200, headers)


def _read(url: str) -> Way:
    try:
        return read_responses(sys.stdin.buffer.read(), url)
    except NotResponses as error:
        raise click.UsageError(f"standard input: {error}") from error


def _print(told: Iterable[Explanation], *, as_json: bool) -> None:
    if as_json:
        document = {"version": 1, "isolab": __version__, "explanations": [asdict(each) for each in told]}
        click.echo(json_module.dumps(document, indent=1))
        return
    for number, explanation in enumerate(told):
        if number:
            click.echo()
        for line in lines(explanation):
            click.echo(visible(line))
