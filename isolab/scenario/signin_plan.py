"""From `signin:` and `returns:` to the fixtures that do so: preset and file put together, names made addresses."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from isolab.scenario.case import Fixture
from isolab.scenario.model import ScenarioFile
from isolab.scenario.placeholders import OPEN
from isolab.scenario.positions import Path, Report
from isolab.scenario.presets import side_of
from isolab.scenario.references import page_host, require_host_name, require_page
from isolab.scenario.signin_form import Opening, ReturnsForm, ReturnSteps, SignInForm
from isolab.scenario.wording import listing, suggestion

OPENER, RETURN = "_signin-opener", "_signin-return"
"""The fixtures."""

_ONLY_OURS = ("preset", "gate", "otherwise", "as_")

_OF_A_WINDOW = (
    "callback", "response_type", "response_mode", "params", "watch", "channels", "forwards", "relay", "close"
)  # fmt: skip
"""Keys that say how a window is asked and what comes back from it."""


def signin_page(name: str, form: SignInForm, file: ScenarioFile, report: Report) -> Fixture:
    """The page that opens; `name` is its own. Problems go into the report."""
    whole = SignInForm.model_validate(_merged(side_of(form.preset or "", "signin"), _said(form)))
    return Fixture(OPENER, {"plan": json.dumps(_Plan(name, whole, file, report).data())})


def returns_page(name: str, form: ReturnsForm, file: ScenarioFile, report: Report) -> Fixture:
    """The page that the answer comes to; `name` is its own. Problems go into the report."""
    for steps, keys in ((form, ()), (form.otherwise, ("otherwise",))):
        if steps is not None and steps.post not in (None, "*", "self"):
            require_host_name(steps.post, ("pages", name, "returns", *keys, "post"), file, report)
    whole = ReturnsForm.model_validate(_merged(side_of(form.preset or "", "returns"), _said(form)))
    plan = {
        "gate": whole.gate,
        "as": whole.as_ or "params",
        "steps": _steps(whole),
        "otherwise": _steps(whole.otherwise or ReturnSteps()),
    }
    return Fixture(RETURN, {"plan": json.dumps(plan)})


def _said(form: SignInForm | ReturnsForm) -> dict[str, Any]:
    return form.model_dump(by_alias=True, exclude_unset=True)


def _merged(below: Mapping[str, Any], above: Mapping[str, Any]) -> dict[str, Any]:
    """What the preset says, and over it what the file says."""
    found = dict(below)
    for key, value in above.items():
        under = found.get(key)
        found[key] = _merged(under, value) if isinstance(under, dict) and isinstance(value, dict) else value
    return found


def _steps(form: ReturnSteps) -> dict[str, Any]:
    found = {name: value for name, value in form.model_dump().items() if value is not None and name not in _ONLY_OURS}
    if found.get("post") not in (None, "*", "self"):
        found["post"] = origin_of(found["post"])
    return found


class _Plan:
    """What the opener's fixture reads."""

    def __init__(self, name: str, form: SignInForm, file: ScenarioFile, report: Report) -> None:
        self._name = name
        self._form = form
        self._file = file
        self._report = report

    def data(self) -> dict[str, Any]:
        form = self._form
        watch = form.watch.model_dump(exclude_none=True) if form.watch else {}
        if "message" in watch:
            watch["message"]["origin"] = self._origin(watch["message"].get("origin"))
        callback = form.callback or ("callback" if "callback" in self._file.pages else self._name)
        return {
            "client": self._client(),
            "to": self._to(),
            "callback": self._url(callback, "callback"),
            "callback_page": callback,
            "response_type": form.response_type or "code",
            "response_mode": form.response_mode,
            "params": form.params or {},
            "open": self._opening(),
            "watch": watch,
            "channels": form.channels.model_dump(exclude_none=True) if form.channels else {},
            "forwards": self._forwards(),
            "relay": self._url(form.relay, "relay") if form.relay else None,
            "close": bool(form.close),
            "probe": bool(form.probe),
            "at_once": bool(form.at_once),
            "errors": form.errors.model_dump(exclude_none=True) if form.errors else {},
            "patience": form.patience,
            "speed": form.speed,
            "token": self._endpoint("token"),
            "userinfo": self._endpoint("userinfo"),
        }

    def _path(self, *keys: str) -> Path:
        return ("pages", self._name, "signin", *keys)

    def _url(self, page: str, *keys: str) -> str:
        require_page(page, self._path(*keys), self._file, self._report)
        return f"${{{{ url.{page} }}}}" if page in self._file.pages else page

    def _endpoint(self, name: str) -> str | None:
        page = next((page for page, form in self._file.pages.items() if form.endpoint == name), None)
        return self._url(page) if page else None

    def _client(self) -> str | None:
        """The client; none where there is no provider to know it."""
        provider = self._file.provider
        if provider is None:
            if self._form.client is not None:
                message = "a client needs a provider"
                self._report.key("needs-provider", self._path("client"), message, "add `provider:` with its clients")
            return None
        name = self._form.client or next(iter(provider.clients))
        if name not in provider.clients and OPEN not in name:
            known = list(provider.clients)
            hint = suggestion(name, known, f"the clients are: {listing(known)}")
            self._report.value("unknown-client", self._path("client"), f"there is no client `{name}`", hint)
        return name

    def _to(self) -> str:
        if self._form.to:
            return self._url(self._form.to, "to")
        if self._form.open and self._form.open.way == "browser":
            return self._known_to_browsers()
        found = self._endpoint("authorize")
        if found is None:
            message = f"page `{self._name}` signs in nowhere"
            self._report.key("missing-key", self._path(), message, "add `to: PAGE`, or a `provider:`")
        return found or ""

    def _known_to_browsers(self) -> str:
        """What tells a browser of the provider that it shall ask for."""
        found = self._endpoint("fedcm-config")
        if found is None:
            message = "the browser is to ask who signs in, and knows no provider"
            self._report.key("fedcm", self._path(), message, "add `provider: {fedcm: true}`")
        for key in (key for key in _OF_A_WINDOW if getattr(self._form, key) not in (None, False)):
            message = f"`{key}` changes nothing where the browser asks: there is no window and no redirect"
            self._report.key("needless-key", self._path(key), message, f"leave `{key}` out, or open a window")
        return found or ""

    def _opening(self) -> dict[str, Any]:
        form = self._form.open or Opening()
        found = form.model_dump(exclude_none=True)
        if form.way == "waitpage" and form.page is None:
            message = "a window that shows a page of its own first needs that page"
            self._report.key("missing-key", self._path("open"), message, "add `open: {page: NAME}`")
        if form.page is not None:
            found["page"] = self._url(form.page, "open", "page")
        return found

    def _forwards(self) -> str | None:
        to = self._form.forwards
        if to in (None, "*", "self"):
            return to
        require_host_name(to, self._path("forwards"), self._file, self._report)
        return origin_of(to)

    def _origin(self, host: str | None) -> str | None:
        """The origin that messages have to come from: a host's, the page's own, or the provider's."""
        if host is None or OPEN in host:
            return host
        if host == "provider":
            page = self._form.to or next((p for p, f in self._file.pages.items() if f.endpoint == "authorize"), "")
            return origin_of(page_host(page, self._file)) if page in self._file.pages else None
        if host == "self":
            host = page_host(self._name, self._file)
        require_host_name(host, self._path("watch", "message", "origin"), self._file, self._report)
        return origin_of(host)


def origin_of(host: str) -> str:
    """What stands for a host's origin until the page is served."""
    return f"${{{{ origin.{host} }}}}"
