"""Options that several commands share, and the types that check their values."""

from __future__ import annotations

import re
from collections.abc import Callable
from difflib import get_close_matches
from typing import Any

import rich_click as click
from pydantic import TypeAdapter, ValidationError

from isolab.cli.errors import VERBOSE
from isolab.scenario.case import ENGINE_NAMES, EngineName
from isolab.scenario.values import Timeout

_TIMEOUT: TypeAdapter[float] = TypeAdapter(Timeout)


_ALIASES = {"safari": "webkit", "edge": "chromium", "msedge": "chromium", "gecko": "firefox", "blink": "chromium"}
"""What people call an engine after one of its browsers."""


class EngineParam(click.ParamType[EngineName]):
    """The name of an engine; a wrong one is answered with the nearest right one."""

    name = "engine"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> EngineName:
        """Give the name back; fails with a usage error."""
        for name in ENGINE_NAMES:
            if value == name:
                return name
        word = _ALIASES.get(str(value).lower(), str(value).lower())
        near = get_close_matches(word, ENGINE_NAMES, n=1, cutoff=0.5)
        hint = f"did you mean {near[0]}?" if near else f"the engines are {', '.join(ENGINE_NAMES)}"
        raise click.BadParameter(f"unknown engine {value!r}: {hint}", ctx, param)


class SecondsParam(click.ParamType[float]):
    """A time in seconds, within what scenario files may say as well."""

    name = "seconds"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """Give the number; fails with a usage error."""
        try:
            number = float(value)
        except ValueError:
            raise click.BadParameter(f"{value!r} is not a number of seconds", ctx, param) from None
        try:
            return _TIMEOUT.validate_python(number)
        except ValidationError as error:
            rule = error.errors()[0]["ctx"]
            raise click.BadParameter(f"{rule['message']}: {rule['hint']}", ctx, param) from None


Preference = tuple[str, bool | int | str]


class PreferenceParam(click.ParamType[Preference]):
    """`NAME=VALUE`: a Firefox preference; true, false and whole numbers are what they look like, the rest is text."""

    name = "NAME=VALUE"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Preference:
        """Give the name and the typed value; fails with a usage error."""
        if isinstance(value, tuple):
            return value
        name, equals, text = str(value).partition("=")
        if not name or not equals:
            raise click.BadParameter(f"{value!r} is not NAME=VALUE", ctx, param)
        if text in ("true", "false"):
            return name, text == "true"
        return name, int(text) if re.fullmatch(r"-?\d+", text) else text


def verbose_option(help_: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Make `-v`, remembered for whoever has to say what went wrong."""
    return click.option("-v", "--verbose", is_flag=True, callback=_remember, help=help_)


def _remember(ctx: click.Context, _param: click.Parameter, value: bool) -> bool:
    ctx.meta[VERBOSE] = value
    return value


engine_option = click.option(
    "-e", "--engine", "engines", type=EngineParam(), multiple=True, help="Only this engine (repeatable; default: all)."
)
grep_option = click.option(
    "-g", "--grep", metavar="TEXT", help="Only cases with each word in id, title or tags, in any case."
)
tag_option = click.option(
    "-t", "--tag", "tags", metavar="TAG", multiple=True, help="Only cases with the tag (repeatable: any)."
)
"""Options of every command that selects so."""
