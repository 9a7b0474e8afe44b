"""The file's sign-in provider to what the lab plays: its endpoints become pages like any other."""

from __future__ import annotations

from collections.abc import Mapping

from isolab.scenario.case import Endpoint, Page
from isolab.scenario.model import Page as PageForm
from isolab.scenario.model import ScenarioFile
from isolab.scenario.placeholders import OPEN
from isolab.scenario.positions import Report
from isolab.scenario.provider import ENDPOINTS, FEDCM, PATHS, Client, EndpointName, Provider
from isolab.scenario.references import host_names, require_host_name


def with_endpoints(file: ScenarioFile, report: Report) -> ScenarioFile:
    """The file with a page for every endpoint of its provider, under the endpoint's name unless a page is one already.

    A page that is an endpoint, where it says no more, is on the provider's host and has the endpoint's usual path.
    """
    if file.provider is None:
        _require_no_endpoints(file, report)
        return file
    pages = {name: _completed(form, file) for name, form in file.pages.items()}
    _require_fedcm(file, report)
    there = {form.endpoint for form in pages.values()}
    for endpoint in ENDPOINTS:
        if endpoint in there or (endpoint in FEDCM and not file.provider.fedcm):
            continue
        if endpoint in pages:
            message = f"page `{endpoint}` is not the provider's endpoint of that name"
            report.key("endpoint", ("pages", endpoint), message, f"add `endpoint: {endpoint}`, or give it another name")
            continue
        pages[endpoint] = _completed(PageForm(endpoint=endpoint), file)
    return file.model_copy(update={"pages": pages})


def _require_no_endpoints(file: ScenarioFile, report: Report) -> None:
    for name, form in file.pages.items():
        if form.endpoint is not None:
            message = f"page `{name}` is an endpoint, but the scenario has no provider"
            report.key("endpoint", ("pages", name, "endpoint"), message, "add `provider:` with its clients")


def _require_fedcm(file: ScenarioFile, report: Report) -> None:
    for name, form in file.pages.items():
        if form.endpoint in FEDCM and file.provider is not None and not file.provider.fedcm:
            message = f"page `{name}` is what browsers ask for, and no browser knows the provider"
            report.value("fedcm", ("pages", name, "endpoint"), message, "add `fedcm: true` to the provider")


def _completed(form: PageForm, file: ScenarioFile) -> PageForm:
    if form.endpoint is None or OPEN in form.endpoint:
        return form
    found = {"host": form.host or provider_host(file), "path": form.path or PATHS[form.endpoint]}
    return form.model_copy(update=found)


def provider_host(file: ScenarioFile) -> str:
    """The host of the provider: the one that it names, else the second, else the only one."""
    names = host_names(file)
    named = file.provider.host if file.provider else None
    return named if named in names else names[min(1, len(names) - 1)]


def build_provider(file: ScenarioFile, pages: Mapping[str, Page], report: Report) -> Provider | None:
    """The provider of one case; problems go into the report."""
    form = file.provider
    if form is None:
        return None
    if form.host is not None:
        require_host_name(form.host, ("provider", "host"), file, report)
    clients = tuple(
        Client(name, tuple(client.redirect_uris), tuple(client.logout_uris), client.secret)
        for name, client in form.clients.items()
    )
    return Provider(
        issuer=form.issuer or f"${{{{ origin.{provider_host(file)} }}}}",
        person=form.person,
        clients=clients,
        signed_in=form.signed_in,
        consented=form.consented,
        answer=dict(form.answer),
        fedcm=form.fedcm,
        endpoints=_endpoints(pages),
    )


def _endpoints(pages: Mapping[str, Page]) -> dict[EndpointName, tuple[str, ...]]:
    found: dict[EndpointName, tuple[str, ...]] = {}
    for page in pages.values():
        if isinstance(page.body, Endpoint):
            found[page.body.name] = (*found.get(page.body.name, ()), page.name)
    return found
