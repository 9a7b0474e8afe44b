"""The texts are compared with what each server's manual asks for; they were tried in the servers themselves (docs)."""

from __future__ import annotations

import ast
import json
import re
import shutil
import subprocess
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from advised import CALLBACK, inquiry

from isolab.advise.formats.page import PageHeaders, page_headers
from isolab.advise.formats.registry import FORMATS
from isolab.advise.stance import NOTHING, STANCES, Stance

COOP, COEP = "Cross-Origin-Opener-Policy", "Cross-Origin-Embedder-Policy"
ODD = "/odd.(p)+*$x'\"b\\w`{y}[z]:n^|"
"""Every character that means something to some server."""


def page(name: str, path: str, coop: str | None, coep: str | None, host: str = "app.example") -> PageHeaders:
    return PageHeaders(name, f"https://{host}", host, path, {COOP: coop, COEP: coep})


PAGES = (
    page("app", "/app", "same-origin", "require-corp"),
    page("callback", "/callback", None, None),
    page("odd", ODD, "same-origin-allow-popups", None),
)


def text(name: str, *pages: PageHeaders) -> str:
    return FORMATS[name].render(pages or PAGES)


def node(script: str, tmp_path: Path) -> str:
    """What a script prints; without node the test is skipped."""
    found = shutil.which("node")
    if found is None:
        pytest.skip("there is no node on this machine")
    file = tmp_path / "script.js"
    file.write_text(script, encoding="utf-8")
    return subprocess.run([found, str(file)], check=True, capture_output=True, text=True).stdout


# --- pages -----------------------------------------------------------------------------------------------------------


def test_coep_is_configured_only_where_a_page_sends_it_or_did() -> None:
    found = inquiry(CALLBACK)
    pages, own = found.given.pages, found.goal.own
    assert [p.headers for p in page_headers(pages, {"app": STANCES[3], "callback": NOTHING}, own)] == [
        {COOP: "same-origin-allow-popups"},
        {COOP: None},
    ]
    assert [p.headers for p in page_headers(pages, {"app": STANCES[0], "callback": NOTHING}, own)] == [
        {COOP: "same-origin", COEP: "require-corp"},
        {COOP: None, COEP: None},
    ]
    before = inquiry(CALLBACK.replace('coop: "${{ app.coop }}"', 'coop: "${{ app.coop }}", coep: require-corp')).given
    (told,) = page_headers(before.pages, {"app": STANCES[3]}, own)
    assert told.unsent == [COEP]


def test_a_path_is_told_without_its_query() -> None:
    found = inquiry(CALLBACK.replace("{fixture: signin-callback}", '{fixture: signin-callback, path: "/cb?x=1"}'))
    (told,) = page_headers(found.given.pages, {"callback": Stance("same-origin")}, found.goal.own)
    assert (told.path, told.url, told.host) == ("/cb", "https://app.example/cb", "app.example")


# --- servers ---------------------------------------------------------------------------------------------------------


def nginx_map(config: str, header: str) -> dict[str, str]:
    """The lines of a header's map: regular expression to value, as nginx reads its quotes."""
    variable = f"$sent_{header.lower().replace('-', '_')}"
    block = re.search(rf"^map (\S+) {re.escape(variable)} {{$(.*?)^}}$", config, re.MULTILINE | re.DOTALL)
    assert block
    rows = re.findall(r'^    "~((?:[^"\\]|\\.)*)" "([^"]*)";$', block.group(2), re.MULTILINE)
    return {re.sub(r'\\(["\\])', r"\1", pattern): value for pattern, value in rows}


def value_of(rows: dict[str, str], uri: str) -> str | None:
    return next((value for pattern, value in rows.items() if re.search(pattern, uri)), None)


@pytest.mark.parametrize(
    ("uri", "coop", "coep"),
    [
        ("/app", "same-origin", "require-corp"),
        ("/app?code=1", "same-origin", "require-corp"),
        ("/callback?code=1", "", ""),
        (ODD, "same-origin-allow-popups", ""),
        ("/application", None, None),
        ("/app/inner", None, None),
        ("/other?next=/app", None, None),
    ],
)
def test_nginx_maps_each_request_to_its_headers(uri: str, coop: str | None, coep: str | None) -> None:
    config = text("nginx")
    assert (value_of(nginx_map(config, COOP), uri), value_of(nginx_map(config, COEP), uri)) == (coop, coep)


def test_nginx_leaves_other_pages_what_the_application_sends() -> None:
    config = text("nginx")
    assert "map $request_uri $sent_cross_origin_opener_policy {" in config
    assert "    default $upstream_http_cross_origin_opener_policy;" in config
    # Both directives are inherited only where there is none of their kind.
    assert "again in each location that has an add_header or a proxy_hide_header of its own" in config
    for name, variable in ((COOP, "$sent_cross_origin_opener_policy"), (COEP, "$sent_cross_origin_embedder_policy")):
        assert f"proxy_hide_header {name};\nadd_header {name} {variable} always;" in config


def test_nginx_tells_hosts_apart_where_there_are_several() -> None:
    pages = (page("app", "/p", "same-origin", None), page("sso", "/p", None, None, "sso.app.example:8443"))
    config = text("nginx", *pages)
    assert "map $host$request_uri " in config
    rows = nginx_map(config, COOP)
    assert value_of(rows, "app.example/p") == "same-origin"
    # $host has no port.
    assert value_of(rows, "sso.app.example/p") == ""


ENCODED, DECODED = "/%C3%BC%20(1)", "/ü (1)"


def test_a_server_that_compares_decoded_paths_gets_one() -> None:
    there = page("there", ENCODED, "same-origin", None)
    (pattern,) = re.findall(r"path_regexp `(.*)`\n", text("caddy", there))
    assert re.fullmatch(pattern, DECODED)
    (pattern,) = apache_sections(text("apache", there))
    assert re.fullmatch(pattern, DECODED)
    module: dict[str, Any] = {}
    exec(compile(ast.parse(text("django", there)), "isolation.py", "exec"), module)
    assert list(module["ISOLATION"]) == [DECODED]


def test_a_server_that_compares_paths_as_they_are_sent_gets_one_so() -> None:
    there = page("there", ENCODED, "same-origin", None)
    assert value_of(nginx_map(text("nginx", there), COOP), f"{ENCODED}?x") == "same-origin"
    assert f'["{ENCODED}", ' in text("express", there)


@pytest.mark.parametrize("path", ["/a%0Ab", "/%ff"])
def test_what_no_configuration_can_hold_stays_encoded(path: str) -> None:
    assert page("odd", path, None, None).decoded == path


def test_caddy_sets_and_takes_away_last() -> None:
    config = text("caddy", PAGES[0], page("callback", "/callback", "same-origin", None))
    assert config.startswith("app.example {\n\t@app path /app\n\theader @app {\n")
    assert f'\t\t{COOP} "same-origin"\n\t\t{COEP} "require-corp"\n\t\tdefer\n\t}}\n' in config
    assert f'\theader @callback {{\n\t\t{COOP} "same-origin"\n\t\t-{COEP}\n\t\tdefer\n' in config


def test_caddy_matches_a_path_with_special_characters_to_the_letter() -> None:
    token = re.search(r'@odd path_regexp "(.*)"\n', text("caddy"))
    assert token
    pattern = token.group(1).replace('\\"', '"')
    assert re.search(pattern, ODD)
    assert not re.search(pattern, "/other")
    (quoted,) = re.findall(r"path_regexp (`.*`)\n", text("caddy", page("star", "/a*b", "same-origin", None)))
    assert quoted == r"`^/a\*b$`"


def apache_sections(config: str) -> dict[str, list[str]]:
    """Regular expression to directives, as Apache reads its quotes."""
    found = re.findall(r'<LocationMatch "((?:[^"\\]|\\.)*)">\n(.*?)</LocationMatch>', config, re.DOTALL)
    return {re.sub(r'\\(["\\])', r"\1", where): body.strip().splitlines() for where, body in found}


def test_apache_takes_the_application_s_header_out_of_its_own_table_first() -> None:
    sections = apache_sections(text("apache"))
    (app,) = [body for where, body in sections.items() if re.search(where, "/app")]
    assert [line.strip() for line in app] == [
        f"Header onsuccess unset {COOP}",
        f'Header always set {COOP} "same-origin"',
        f"Header onsuccess unset {COEP}",
        f'Header always set {COEP} "require-corp"',
    ]
    (callback,) = [body for where, body in sections.items() if re.search(where, "/callback")]
    assert callback[1].strip() == f"Header always unset {COOP}"
    assert [body[1].strip() for where, body in sections.items() if re.search(where, ODD)] == [
        f'Header always set {COOP} "same-origin-allow-popups"'
    ]
    assert not any(re.search(where, "/application") for where in sections)


def test_express_sets_and_removes_what_helmet_has_set(tmp_path: Path) -> None:
    script = """
        const layers = [];
        const app = { use: layer => layers.push(layer) };
        %s
        const ask = path => {
          const sent = new Map([["Cross-Origin-Opener-Policy", "by-helmet"]]);
          const response = { setHeader: (n, v) => sent.set(n, v), removeHeader: n => sent.delete(n) };
          let passed = 0;
          layers[0]({ path }, response, () => { passed += 1; });
          return [passed, Object.fromEntries(sent)];
        };
        console.log(JSON.stringify(%s.map(ask)));
    """
    answers = json.loads(node(script % (text("express"), json.dumps(["/app", "/callback", ODD, "/other"])), tmp_path))
    assert answers == [
        [1, {COOP: "same-origin", COEP: "require-corp"}],
        [1, {}],
        [1, {COOP: "same-origin-allow-popups"}],
        [1, {COOP: "by-helmet"}],
    ]


class Response(dict[str, str]):
    """As Django's: to delete a header that is not there is no mistake."""

    def __delitem__(self, name: str) -> None:
        self.pop(name, None)


def test_django_s_middleware_has_the_last_word() -> None:
    module: dict[str, Any] = {}
    source = text("django")
    exec(compile(ast.parse(source), "isolation.py", "exec"), module)
    middleware = module["isolation_headers"](lambda _: Response({COOP: "by-django"}))
    answers = [dict(middleware(SimpleNamespace(path=path))) for path in ("/app", "/callback", ODD, "/other")]
    assert answers == [
        {COOP: "same-origin", COEP: "require-corp"},
        {},
        {COOP: "same-origin-allow-popups"},
        {COOP: "by-django"},
    ]


def test_next_s_rules_undo_what_a_rule_for_all_pages_sets(tmp_path: Path) -> None:
    file = tmp_path / "next.config.js"
    file.write_text(text("nextjs"), encoding="utf-8")
    script = f"require({json.dumps(str(file))}).headers().then(rules => console.log(JSON.stringify(rules)))"
    rules = {
        rule["source"]: {h["key"]: h["value"] for h in rule["headers"]} for rule in json.loads(node(script, tmp_path))
    }
    assert rules["/app"] == {COOP: "same-origin", COEP: "require-corp"}
    assert rules["/callback"] == {COOP: "unsafe-none", COEP: "unsafe-none"}
    # As path-to-regexp reads it: a backslash before each character that is special there.
    (odd,) = set(rules) - {"/app", "/callback"}
    assert re.sub(r"\\(.)", r"\1", odd) == ODD
    assert not re.search(r"(?<!\\)[(){}:*+?]", odd)


def test_a_headers_file_names_paths_and_their_headers() -> None:
    blocks: dict[str, list[str]] = {}
    for line in text("headers", *PAGES[:2]).splitlines():
        if line.startswith("/"):
            blocks[line] = []
        elif not line.startswith("#"):
            assert line.startswith("  ")
            blocks[list(blocks)[-1]].append(line.strip())
    assert blocks == {"/app": [f"{COOP}: same-origin", f"{COEP}: require-corp"]}
    assert f"# /callback must send no {COOP}: keep rules like /* from setting it" in text("headers")


def test_a_headers_file_warns_of_rules_whose_values_are_joined() -> None:
    """Cloudflare Pages joins them with a comma, and no browser reads the outcome."""
    told = text("headers", PAGES[0])
    assert told.startswith("# Keep rules like /* from setting these headers, too")
    assert f'"! {COOP}", "! {COEP}"' in told


@pytest.mark.parametrize("name", FORMATS)
def test_no_format_breaks_a_line_or_loses_a_page(name: str) -> None:
    told = text(name)
    assert told == told.strip()
    assert all(path in told for path in ("/app", "/callback", "/odd"))
