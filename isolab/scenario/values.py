"""The types of the file's single values, with the rules that concern one value alone.

Each rule raises PydanticCustomError with the type `isolab`: its context has the code, message and hint of the problem.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from typing import Annotated, Any
from urllib.parse import urlsplit

from packaging.specifiers import InvalidSpecifier, SpecifierSet
from pydantic import (
    AfterValidator,
    BeforeValidator,
    Discriminator,
    Field,
    GetJsonSchemaHandler,
    PlainValidator,
    Tag,
    ValidatorFunctionWrapHandler,
    WithJsonSchema,
    WrapValidator,
)
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, PydanticCustomError

from isolab.libraries import libraries
from isolab.scenario.case import Scalar
from isolab.scenario.frameworks import frameworks
from isolab.scenario.placeholders import OPEN
from isolab.scenario.upstream import from_environment, refused
from isolab.scenario.wording import listing, shown, suggestion

CUSTOM = "isolab"
ONE, MANY = "\0one", "\0many"
"""Tags of unions, which begin with NUL to be told from the file's own names in pydantic's error locations."""

_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")


def wrong(code: str, message: str, hint: str = "") -> PydanticCustomError:
    """The error that a rule raises."""
    return PydanticCustomError(CUSTOM, "{message}", {"code": code, "message": message, "hint": hint})


def _unless_placeholder(value: Any, check: ValidatorFunctionWrapHandler) -> Any:
    return value if isinstance(value, str) and OPEN in value else check(value)


class _Fillable:
    """In the schema: the type itself, or text that holds a placeholder."""

    def __get_pydantic_json_schema__(self, core: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        return {"anyOf": [handler(core), {"type": "string", "pattern": r"\$\{\{"}]}


FILLABLE = (WrapValidator(_unless_placeholder), _Fillable())
"""Metadata of a type that a placeholder may stand for; it is checked once the placeholder is filled in."""


def _scalar(value: object) -> Scalar:
    if value is None or isinstance(value, str | int | float | bool):
        return value
    raise wrong("wrong-type", f"{shown(value)} cannot stand here", "write text, a number, true, false or null")


def _https(value: str) -> str:
    if not _is_url(value, ("https",)):
        raise wrong("not-a-url", f"`{value}` is not an https URL", "give the bug's address, https://...")
    return value


def _link(value: str) -> str:
    if not _is_url(value, ("https", "http")):
        raise wrong("not-a-url", f"`{value}` is not a URL", "a link begins with https://")
    return value


def _is_url(value: str, schemes: Collection[str]) -> bool:
    try:
        parts = urlsplit(value)
    except ValueError:
        return False
    return parts.scheme in schemes and bool(parts.hostname) and not re.search(r"\s", value)


def _specifier(value: str) -> str:
    try:
        SpecifierSet(value)
    except InvalidSpecifier as error:
        raise wrong("not-versions", f"`{value}` is not a set of versions", 'write it like ">=79,<200"') from error
    return value


def _path(value: str) -> str:
    if not value.startswith("/"):
        raise wrong("path", f'the path `{value}` does not start with "/"', f"write `/{value}`")
    if not re.fullmatch(r"[!-~]+", value) or "#" in value:
        hint = "percent-encode spaces, `#` and everything that is not ASCII"
        raise wrong("path", f"the path `{value}` has a character that no request can carry", hint)
    return value


def _status(value: int) -> int:
    if not 200 <= value <= 599:  # noqa: PLR2004 - RFC 9110, 15: final responses
        raise wrong("status", f"the status {value} is out of range", "a final response has 200 to 599")
    return value


def _timeout(value: float) -> float:
    if not 0 < value <= 600:  # noqa: PLR2004 - ten minutes
        raise wrong("timeout", f"the timeout {value:g} is out of range", "seconds, more than 0 and at most 600")
    return value


def _library(value: str) -> str:
    if value not in libraries():
        hint = suggestion(value, libraries(), f"the libraries are: {listing(libraries())}")
        raise wrong("unknown-library", f"there is no library `{value}`", hint)
    return value


def _framework(value: str) -> str:
    if value not in frameworks():
        hint = suggestion(value, frameworks(), f"the frameworks are: {listing(frameworks())}")
        raise wrong("unknown-framework", f"no defaults of a framework `{value}` are known", hint)
    return value


def _upstream(value: str) -> str:
    if why := refused(value):
        raise wrong("upstream", *why)
    return value.removesuffix("/")


def _from_environment(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    filled, missing = from_environment(value)
    if missing is not None:
        raise wrong(
            "environment",
            f"the environment has no variable {missing}",
            "set it, or write the address itself: http://127.0.0.1:8000",
        )
    return filled


def _token(value: str) -> str:
    if not _TOKEN.fullmatch(value):
        hint = "letters, digits and !#$%&'*+-.^_`|~ (RFC 9110, 5.6.2)"
        raise wrong("header-name", f"`{value}` is not a header name", hint)
    return value


def _header_value(value: str) -> str:
    bad = re.search("[\n\0]|[^\0-\xff]", value)
    if bad:
        name = f"U+{ord(bad.group()):04X}"
        hint = "no line feed, no NUL, nothing above U+00FF (one byte); a list of values makes several lines"
        raise wrong("header-value", f"a header value cannot hold {name}", hint)
    return value


def _number_as_text(value: object) -> object:
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _name_rule(pattern: str, words: str) -> Callable[[str], str]:
    compiled = re.compile(pattern)

    def check(value: str) -> str:
        if not compiled.fullmatch(value):
            raise wrong("name", f"`{value}` cannot be a name here", words)
        return value

    return check


def _named(pattern: str, words: str) -> tuple[AfterValidator, WithJsonSchema]:
    return AfterValidator(_name_rule(pattern, words)), WithJsonSchema({"type": "string", "pattern": f"^({pattern})$"})


def one_or_many(value: object) -> str:
    """The discriminator of a value that may be a list."""
    return MANY if isinstance(value, list) else ONE


_SCALAR_SCHEMA = {"type": ["string", "number", "boolean", "null"]}
ScalarValue = Annotated[Any, PlainValidator(_scalar), WithJsonSchema(_SCALAR_SCHEMA)]
Name = Annotated[str, *_named(r"[A-Za-z][A-Za-z0-9_-]*", "a letter, then letters, digits, `_` and `-`")]
HostName = Annotated[
    str, *_named(r"[a-z]([a-z0-9-]{0,60}[a-z0-9])?", "a small letter, then small letters, digits and `-` (a DNS label)")
]
Parameter = Annotated[
    str,
    *_named(
        r"(?!(url|origin|report)\.|engine$)[A-Za-z][A-Za-z0-9_.-]*",
        "a letter, then letters, digits, `_`, `.`, `-`; url.*, origin.*, report.* and engine have a meaning already",
    ),
]
WindowName = Annotated[Name, *FILLABLE]
WindowOrFrame = Annotated[
    str,
    *_named(
        r"[A-Za-z][A-Za-z0-9_-]*(\.[A-Za-z][A-Za-z0-9_-]*)*",
        "a window's name, or with dots that of a frame in it: app.frame",
    ),
    *FILLABLE,
]
PageName = Annotated[str, *FILLABLE]
Link = Annotated[str, AfterValidator(_link)]
BugLink = Annotated[str, AfterValidator(_https)]
Versions = Annotated[str, AfterValidator(_specifier)]
PagePath = Annotated[str, AfterValidator(_path), *FILLABLE]
Status = Annotated[
    int,
    AfterValidator(_status),
    WithJsonSchema({"type": "integer", "minimum": 200, "maximum": 599}),
    *FILLABLE,
]
Timeout = Annotated[
    float,
    AfterValidator(_timeout),
    WithJsonSchema({"type": "number", "exclusiveMinimum": 0, "maximum": 600}),
]
LibraryName = Annotated[str, AfterValidator(_library), WithJsonSchema({"enum": list(libraries())}), *FILLABLE]
FrameworkName = Annotated[str, AfterValidator(_framework), WithJsonSchema({"enum": list(frameworks())}), *FILLABLE]
UpstreamUrl = Annotated[str, AfterValidator(_upstream), *FILLABLE, BeforeValidator(_from_environment)]
HeaderName = Annotated[str, AfterValidator(_token)]
HeaderValue = Annotated[str, AfterValidator(_header_value)]
_HeaderLine = Annotated[
    HeaderValue | None, BeforeValidator(_number_as_text), WithJsonSchema({"type": ["string", "integer", "null"]})
]
HeaderLines = Annotated[
    Annotated[_HeaderLine, Tag(ONE)] | Annotated[list[_HeaderLine], Tag(MANY)], Discriminator(one_or_many)
]
Pattern = Annotated[
    Annotated[ScalarValue, Tag(ONE)] | Annotated[list[ScalarValue], Tag(MANY), Field(min_length=1)],
    Discriminator(one_or_many),
]
