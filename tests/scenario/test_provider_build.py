from __future__ import annotations

from pathlib import Path

import pytest
from scenario_loading import load_text

from isolab.scenario.case import Case, Endpoint, Redirect
from isolab.scenario.problem import ScenarioErrors
from isolab.scenario.provider import ENDPOINTS, FEDCM, PATHS, Client

TEXT = """
title: Sign-in
hosts: {app: null, idp: cross-site, accounts: cross-site}
provider:
  clients:
    spa: {redirect_uris: ["${{ url.callback }}"]}
    server: {redirect_uris: ["https://x.example/"], logout_uris: ["${{ origin.app }}"], secret: s}
  %s
pages:
  app: {html: hi}
  callback: {html: hi}
  %s
flow: [open: app]
expect: {app.url: app}
"""


def case(folder: Path, provider: str = "", pages: str = "") -> Case:
    (found,) = load_text(folder, TEXT % (provider, pages))
    return found


def test_every_endpoint_is_a_page_on_the_second_host(tmp_path: Path) -> None:
    pages = case(tmp_path).pages
    usual = [name for name in ENDPOINTS if name not in FEDCM]
    assert {name: (str(pages[name].origin), pages[name].path) for name in usual} == {
        name: ("https://idp.example", PATHS[name]) for name in usual
    }
    assert not pages.keys() & {*FEDCM}
    assert pages["login"].body == Endpoint("login")


def test_a_page_that_is_an_endpoint_has_its_own_name_place_and_headers(tmp_path: Path) -> None:
    found = case(tmp_path, pages="sign: {endpoint: login, host: accounts, path: /in, coop: same-origin}")
    assert (found.pages["sign"].url, "login" in found.pages) == ("https://accounts.example/in", False)
    assert found.pages["sign"].headers == (("Cross-Origin-Opener-Policy", "same-origin"),)
    assert found.provider
    assert found.provider.endpoints["login"] == ("sign",)


def test_a_provider_that_browsers_know_has_what_they_ask_for(tmp_path: Path) -> None:
    found = case(tmp_path, "fedcm: true")
    assert {name: found.pages[name].url for name in FEDCM} == {n: f"https://idp.example/{n}" for n in FEDCM}
    assert found.provider
    assert found.provider.fedcm


def test_what_browsers_ask_for_needs_a_provider_that_they_know(tmp_path: Path) -> None:
    with pytest.raises(ScenarioErrors) as caught:
        case(tmp_path, pages="accounts: {endpoint: fedcm-accounts}")
    (problem,) = caught.value.problems
    assert "no browser knows the provider" in str(problem)
    assert "add `fedcm: true` to the provider" in str(problem)


def test_the_first_page_of_an_endpoint_is_the_one_that_metadata_name(tmp_path: Path) -> None:
    more = "one: {endpoint: discovery}\n  two: {endpoint: discovery, path: /.well-known/oauth-authorization-server}"
    found = case(tmp_path, pages=more)
    assert found.provider
    assert found.provider.endpoints["discovery"] == ("one", "two")


@pytest.mark.parametrize("uri", ["callback", "/callback", "https://x.example/#there", "https://x.example/a b", ""])
def test_a_uri_that_no_answer_can_be_sent_to_is_told(tmp_path: Path, uri: str) -> None:
    """RFC 6749, 3.1.2: an absolute URI without a fragment; a page's name alone is none."""
    with pytest.raises(ScenarioErrors, match="is no absolute URI without a fragment") as caught:
        load_text(tmp_path, (TEXT % ("", "")).replace("https://x.example/", uri))
    assert "write `${{ url.PAGE }}`" in str(caught.value)


@pytest.mark.parametrize("uri", ["http://127.0.0.1:8000/cb", "com.example.app:/cb", "https://x.example/cb?a=1"])
def test_any_absolute_uri_may_be_registered(tmp_path: Path, uri: str) -> None:
    (found,) = load_text(tmp_path, (TEXT % ("", "")).replace("https://x.example/", uri))
    assert found.provider is not None
    assert found.provider.client("server") == Client("server", (uri,), ("${{ origin.app }}",), "s")


def test_clients_and_issuer(tmp_path: Path) -> None:
    provider = case(tmp_path).provider
    assert provider
    assert (provider.issuer, provider.person) == ("${{ origin.idp }}", "alice")
    assert provider.client("spa") == Client("spa", ("${{ url.callback }}",))
    assert provider.client("server") == Client("server", ("https://x.example/",), ("${{ origin.app }}",), "s")
    assert provider.client("stranger") is None


@pytest.mark.parametrize(("line", "host"), [("host: accounts", "accounts"), ("host: idp", "idp")])
def test_the_host_may_be_named(tmp_path: Path, line: str, host: str) -> None:
    found = case(tmp_path, provider=line)
    assert str(found.pages["token"].origin) == f"https://{host}.example"
    assert found.provider
    assert found.provider.issuer == f"${{{{ origin.{host} }}}}"


def test_the_matrix_reaches_the_provider(tmp_path: Path) -> None:
    text = TEXT % ("signed_in: ${{ in }}\n  answer: {state: null}", "hop: {redirect: login, keep_query: true}")
    cases = load_text(tmp_path, text + "matrix: {in: [true, false]}\n")
    assert [c.provider and c.provider.signed_in for c in cases] == [True, False]
    assert cases[0].provider
    assert cases[0].provider.answer == {"state": None}
    assert cases[0].pages["hop"].body == Redirect("login", keep_query=True)


def test_a_scenario_without_a_provider_has_no_endpoints(tmp_path: Path) -> None:
    (found,) = load_text(tmp_path, "title: x\npages: {app: {html: hi}}\nflow: [open: app]\nexpect: {app.url: app}\n")
    assert (found.provider, set(found.pages)) == (None, {"app"})
