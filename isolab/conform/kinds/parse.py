"""Header values as they are sent, byte for byte: kinds coop-parse, coep-parse, dip-parse, corp-parse."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from isolab.conform.reader import Reader
from isolab.conform.row import Row
from isolab.conform.ruling import Ruling
from isolab.policy.coep import COEP, obtain_embedder_policy
from isolab.policy.coop import COOP, obtain_opener_policy
from isolab.policy.corp import CORP, check_resource_policy, read_corp
from isolab.policy.fields import Headers
from isolab.policy.isolation_policy import DIP, obtain_isolation_policy
from isolab.policy.response import Hop
from isolab.policy.terms import Origin

_RAW_BYTES = re.compile(r" \(raw bytes? 0x[0-9A-F]{2}\)$")
"""How a row says of `%FF` that it is to be sent as that byte."""
_CORP_CONTEXT = "no-cors fetch, cross-origin (same-site), http, document COEP unsafe-none, globals window+workers"
_APP, _SISTER = Origin("http", "app.example"), Origin("http", "login.app.example")


def rule(row: Row) -> Mapping[str, Ruling]:
    """Rule on a row of these kinds. Raises NotStagedError where it has what is not known."""
    setting = Reader(row.setting)
    name = setting.one_of("header", COOP, COEP, DIP, CORP) or ""
    sent = read_values(setting, name)
    context = setting.text("context")
    if context not in (None, _CORP_CONTEXT):
        raise setting.unknown("context")
    setting.finish()
    return _RULES[name](sent)


def read_values(setting: Reader, name: str) -> Headers:
    """Read the header's lines, each as text of one character a byte."""
    values = setting.get("header_values")
    if not isinstance(values, list) or not all(isinstance(value, str) for value in values):
        raise setting.unknown("header_values")
    return tuple((name, _bytes(value)) for value in values)


def _bytes(value: str) -> str:
    """Take a value as it is, but for the byte that a row writes as `%FF` and says to be one."""
    plain = _RAW_BYTES.sub("", value)
    return value if plain == value else re.sub(r"%([0-9A-F]{2})", lambda m: chr(int(m.group(1), 16)), plain)


def _coop(sent: Headers) -> Mapping[str, Ruling]:
    found = obtain_opener_policy(sent, secure_context=True)
    return {"effective": Ruling(found.value, found.reason, found.source)}


def _coep(sent: Headers) -> Mapping[str, Ruling]:
    found = obtain_embedder_policy(sent, secure_context=True)
    return {"effective": Ruling(found.value, found.reason, found.source)}


def _dip(sent: Headers) -> Mapping[str, Ruling]:
    found = obtain_isolation_policy(sent, secure_context=True)
    return {"effective": Ruling(found.value, found.reason, found.source)}


def _corp(sent: Headers) -> Mapping[str, Ruling]:
    response = Hop(f"{_SISTER}/image", _SISTER, 200, tuple(sent))
    verdict = check_resource_policy(_APP, response, "unsafe-none")
    effective = read_corp(sent)
    return {
        "effective": Ruling(effective, f"the header says {effective or 'nothing that counts'}", verdict.source),
        "blocked": Ruling(not verdict.allowed, verdict.reason, verdict.source),
    }


_RULES: Mapping[str, Callable[[Headers], Mapping[str, Ruling]]] = {COOP: _coop, COEP: _coep, DIP: _dip, CORP: _corp}
