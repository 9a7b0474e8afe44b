"""Scenes in which it shows what a header's value counts as."""

from __future__ import annotations

from collections.abc import Mapping

from isolab.conform.headers import HOSTS
from isolab.conform.kinds.parse import read_values
from isolab.conform.reader import NotStagedError, Reader
from isolab.conform.row import Row
from isolab.conform.rules import SAID
from isolab.conform.scene import Scene
from isolab.conform.staged import Act
from isolab.policy.coep import COEP
from isolab.policy.coop import COOP
from isolab.policy.corp import CORP
from isolab.policy.fields import Headers
from isolab.policy.isolation_policy import DIP
from isolab.policy.response import Hop
from isolab.policy.terms import Origin

_APP = Origin("https", HOSTS["same-origin"])
_IDP = Origin("https", HOSTS["cross-site"])
_HTTP_APP, _HTTP_SISTER = Origin("http", HOSTS["same-origin"]), Origin("http", HOSTS["same-site"])
_FATES: Mapping[str, Mapping[str | None, str]] = {
    "unsafe-none": {"same-origin": "severed", None: "preserved"},
    "same-origin": {"same-origin": "preserved"},
    "same-origin-allow-popups": {None: "severed", "same-origin-allow-popups": "preserved"},
    "noopener-allow-popups": {"same-origin-allow-popups": "severed", "same-origin": "severed"},
}
"""By a popup's policy and that of its opener, of the same origin: together these fates tell it from every other."""


def act(row: Row) -> Act:
    """Stage a row of these kinds. Raises NotStagedError."""
    setting = Reader(row.setting)
    header = setting.text("header") or ""
    sent = read_values(setting, header)
    if header not in _SCENES:
        raise setting.unknown("header")
    scene = Scene(row.id)
    what = _SCENES[header](scene, sent, row.expect.get("effective"))
    return Act(scene, {name: what for name in row.expect if name not in SAID}, {})


def _coop(scene: Scene, sent: Headers, effective: object) -> str:
    if effective not in _FATES:
        raise NotStagedError(f"nothing shows whether a value counts as {effective!r}")
    scene.page("popup", Hop(f"{_APP}/popup", _APP, 200, tuple(sent)))
    for number, (opener, fate) in enumerate(_FATES[str(effective)].items(), start=1):
        headers = () if opener is None else ((COOP, opener),)
        name = scene.page(f"opener-{number}", Hop(f"{_APP}/opener-{number}", _APP, 200, headers))
        scene.flow += [{"open": name}, {"popup": f"popup-{number}", "page": "popup", "from": name}]
        scene.expect[f"popup-{number}.opener"] = fate
    return "popup-1.opener"


def _coep(scene: Scene, sent: Headers, effective: object) -> str:
    """Only under a policy that counts, a frame without one is blocked."""
    scene.page("app", Hop(f"{_APP}/app", _APP, 200, tuple(sent)), embed={"frame": {"iframe": "frame"}})
    scene.page("frame", Hop(f"{_APP}/frame", _APP, 200))
    scene.flow = [{"open": "app"}]
    scene.expect["app.frame"] = "loaded" if effective == "unsafe-none" else "blocked"
    return "app.frame"


def _dip(scene: Scene, sent: Headers, effective: object) -> str:
    if effective == "isolate-and-credentialless":
        raise NotStagedError("a policy that blocks nothing does not show in what is loaded")
    scene.page("app", Hop(f"{_APP}/app", _APP, 200, tuple(sent)), embed={"data": {"fetch": "data", "mode": "no-cors"}})
    scene.page("data", Hop(f"{_IDP}/data", _IDP, 200), fixture="data")
    scene.flow = [{"open": "app"}]
    scene.expect["app.data"] = "loaded" if effective == "none" else "blocked"
    return "app.data"


def _corp(scene: Scene, sent: Headers, effective: object) -> str:
    """Of http pages, as the rows say: no embedder policy asks anything of them."""
    app, data = Hop(f"{_HTTP_APP}/app", _HTTP_APP, 200), Hop(f"{_HTTP_SISTER}/data", _HTTP_SISTER, 200, tuple(sent))
    scene.page("app", app, embed={"data": {"fetch": "data", "mode": "no-cors"}})
    scene.page("data", data, fixture="data")
    scene.flow = [{"open": "app"}]
    scene.expect["app.data"] = "blocked" if effective == "same-origin" else "loaded"
    return "app.data"


_SCENES = {COOP: _coop, COEP: _coep, DIP: _dip, CORP: _corp}
