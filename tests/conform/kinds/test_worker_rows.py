from __future__ import annotations

from typing import Any

import pytest

from isolab.conform.kinds.worker import rule
from isolab.conform.reader import NotStagedError
from isolab.conform.row import Row

STRICT = {"coep": "require-corp"}
TOP = {"coop": "same-origin", "coep": "require-corp", "scheme": "https"}


def ruled(**setting: Any) -> dict[str, Any]:
    return {name: ruling.value for name, ruling in rule(Row("x", "worker", setting, {})).items()}


@pytest.mark.parametrize(
    ("kind", "owner", "worker", "blocked", "fetch"),
    [
        ("dedicated", STRICT, {"coep": "credentialless"}, False, False),
        ("dedicated module", STRICT, {"coep": None}, True, None),
        ("shared", STRICT, {"coep": None}, False, False),
        ("service", {"coep": None}, STRICT, False, True),
        ("dedicated", {"coep": "require-corp (one of two owners)"}, {"coep": "require-corp"}, False, True),
    ],
)
def test_whose_policy_a_worker_has(
    kind: str, owner: dict[str, Any], worker: dict[str, Any], blocked: bool, fetch: bool | None
) -> None:
    found = ruled(owner=owner, worker={"type": kind, **worker}, request={"relation": "cross-site"})
    assert (found["worker_blocked"], found["fetch_blocked"]) == (blocked, fetch)


def test_a_blob_worker_has_the_policy_of_who_made_its_url() -> None:
    worker = {"type": "dedicated", "scheme": "blob", "url_creator_coep": None}
    assert ruled(owner=STRICT, worker=worker, request={"relation": "same-site"})["fetch_blocked"] is False


@pytest.mark.parametrize(
    ("worker", "permissions", "isolated"),
    [
        ({"type": "dedicated", "coep": "require-corp"}, None, True),
        ({"type": "dedicated", "coep": "require-corp"}, "cross-origin-isolated=()", False),
        ({"type": "dedicated", "scheme": "data", "coep": "inherited"}, None, False),
        ({"type": "shared", "coep": None}, None, False),
        ({"type": "service", "coep": "credentialless"}, None, True),
    ],
)
def test_which_workers_are_isolated(worker: dict[str, Any], permissions: str | None, isolated: bool) -> None:
    frame = {"coep": "require-corp", "permissions_policy": permissions}
    assert ruled(top=TOP, parent_frame=frame, worker=worker)["crossOriginIsolated"] is isolated


def test_cookies_go_by_the_workers_own_policy() -> None:
    request = {"relation": "cross-site", "mode": "no-cors", "credentials": "include"}
    found = ruled(worker={"type": "shared", "coep": "credentialless"}, request=request)
    assert (found["cookie_sent"], found["owner_coep_none"], found["owner_coep_credentialless"]) == (
        False,
        "no cookie",
        "no cookie",
    )
    assert found["independent_of_client_coep"] is True


def test_a_global_object_tells_its_own_policy() -> None:
    told = ruled(globals=["window", "shared worker"], document={"coep": "Require-corp"})
    assert told == {"self.crossOriginEmbedderPolicy": "unsafe-none"}


@pytest.mark.parametrize(
    "setting",
    [
        {"worker": {"type": "worklet"}},
        {"worker": {"type": "shared", "scheme": "ftp"}},
        {"worker": {"type": "shared"}, "request": {"mode": "cors"}},
        {"globals": ["moon"], "document": {}},
    ],
)
def test_what_is_not_known_is_refused(setting: dict[str, Any]) -> None:
    with pytest.raises(NotStagedError, match="which is not known"):
        ruled(**setting)
