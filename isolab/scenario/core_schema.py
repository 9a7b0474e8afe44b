"""Plain scalars by YAML 1.2's core schema (section 10.3.2): only `true` and `false` are booleans, `no` is text.

Left out are `.inf` and `.nan`, which no scenario can compare with, and integers too long for 64 bits: both are text.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable

import yaml
from yaml.resolver import BaseResolver

from isolab.scenario.case import Scalar

_PREFIX = "tag:yaml.org,2002:"
STR, NULL, BOOL, INT, FLOAT = (_PREFIX + name for name in ("str", "null", "bool", "int", "float"))
SEQ, MAP = _PREFIX + "seq", _PREFIX + "map"


class _Core(BaseResolver):
    """PyYAML's resolver without YAML 1.1's own ideas (`on`, `12:30`, dates, merge keys)."""


for _tag, _pattern, _first in (
    (NULL, r"^(?:~|null|Null|NULL|)$", ["~", "n", "N", ""]),
    (BOOL, r"^(?:true|True|TRUE|false|False|FALSE)$", list("tTfF")),
    (INT, r"^(?:[-+]?[0-9]{1,18}|0o[0-7]{1,20}|0x[0-9a-fA-F]{1,15})$", list("-+0123456789")),
    (FLOAT, r"^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$", list("-+.0123456789")),
):
    _Core.add_implicit_resolver(_tag, re.compile(_pattern), _first)

if yaml.__with_libyaml__:
    from yaml.cyaml import CParser  # type: ignore[attr-defined]

    class Loader(CParser, yaml.constructor.BaseConstructor, _Core):
        """libyaml's parser with the core schema."""

        def __init__(self, stream: str) -> None:
            CParser.__init__(self, stream)
            yaml.constructor.BaseConstructor.__init__(self)
            _Core.__init__(self)

else:  # pragma: no cover - wheels of PyYAML have libyaml

    class Loader(yaml.BaseLoader, _Core):  # type: ignore[no-redef]
        """PyYAML's own parser with the core schema."""

        yaml_implicit_resolvers = _Core.yaml_implicit_resolvers


def scalar(tag: str, text: str) -> Scalar:
    """The value of a scalar node of this tag. Raises KeyError for a tag that is not of the core schema."""
    return _CONSTRUCT[tag](text)


def _int(text: str) -> int:
    base = {"0x": 16, "0o": 8}.get(text[:2].lower(), 10)
    return int(text, base)


def _float(text: str) -> Scalar:
    value = float(text)
    return value if math.isfinite(value) else text


_CONSTRUCT: dict[str, Callable[[str], Scalar]] = {
    STR: str,
    NULL: lambda _: None,
    BOOL: lambda text: text.lower() == "true",
    INT: _int,
    FLOAT: _float,
}
