from __future__ import annotations

from typing import Any

import pytest

from isolab.conform.reader import NotStagedError
from isolab.conform.row import Row
from isolab.conform.staged import Act
from isolab.conform.stages.worker import act

FETCH = {"relation": "same-site", "corp": None, "mode": "no-cors"}


def play(expect: dict[str, Any], **setting: Any) -> Act:
    return act(Row("worker/a/01", "worker", setting, expect))


def test_a_worker_runs_and_fetches_what_the_row_says() -> None:
    worker = {"type": "dedicated", "coep": "require-corp"}
    played = play({"worker_blocked": False, "fetch_blocked": True}, owner={"coep": None}, worker=worker, request=FETCH)
    assert played.scene.expect == {"page.says.worker": "runs", "page.says.resource": "blocked"}
    assert played.scene.pages["worker"]["headers"]["Content-Type"] == "text/javascript"
    assert "control" in played.scene.pages
    played.scene.case("a/01")


def test_nothing_is_asked_of_a_worker_that_does_not_run() -> None:
    expect = {"worker_blocked": True, "fetch_blocked": None}
    played = play(expect, owner={"coep": "require-corp"}, worker={"type": "dedicated module"}, request=FETCH)
    assert played.scene.expect == {"page.says.worker": "blocked"}
    assert played.claims["fetch_blocked"] == "page.says.worker"
    assert '"type": "module"' in played.scene.pages["page"]["html"]


def test_each_owner_and_another_creator_have_frames_of_their_own() -> None:
    worker = {"type": "shared", "scheme": "blob", "url_creator_coep": None}
    played = play({"fetch_blocked": True}, owner={"coep": "require-corp (one of three owners)"}, worker=worker)
    assert {"owner-1", "owner-2", "owner-3", "creator"} < set(played.scene.pages)
    assert "worker" not in played.scene.pages
    assert "headers" not in played.scene.pages["owner-1"]
    assert played.scene.pages["owner-3"]["headers"] == {"Cross-Origin-Embedder-Policy": "require-corp"}


def test_the_page_around_a_frame_is_the_one_that_the_row_says() -> None:
    top = {"coop": "same-origin", "coep": "require-corp"}
    played = play({"crossOriginIsolated": True}, top=top, worker={"type": "service", "coep": "require-corp"})
    assert played.scene.expect == {"page.says.crossOriginIsolated": True}
    assert played.scene.pages["page"]["headers"]["Cross-Origin-Opener-Policy"] == "same-origin"
    assert played.scene.pages["owner-1"]["headers"]["Cross-Origin-Embedder-Policy"] == "require-corp"


def test_cookies_are_looked_for_under_each_policy_of_an_owner() -> None:
    expect = {"owner_coep_none": "no cookie", "owner_coep_credentialless": "Worker blocked"}
    played = play(expect, worker={"type": "dedicated"}, request={"credentials": "include", "relation": "same-site"})
    assert played.scene.expect == {
        "page.says.cookie-none": "no cookie",
        "page.says.cookie-credentialless": "Worker blocked",
    }
    assert played.scene.flow == [{"open": "cookie"}, {"open": "page"}]


def test_a_service_workers_cookies_do_not_depend_on_who_asks() -> None:
    expect = {"cookie_sent": False, "independent_of_client_coep": True}
    played = play(expect, worker={"type": "service"}, request={"credentials": "include"})
    assert played.scene.expect == {"page.says.cookie-none": "no cookie", "page.says.independent": True}
    assert {"owner-none", "owner-require-corp"} < set(played.scene.pages)


def test_every_global_tells_its_policy() -> None:
    expect = {"self.crossOriginEmbedderPolicy": "require-corp"}
    played = play(expect, globals=["window", "service worker"], document={"coep": "require-corp"})
    assert played.scene.expect == {"page.says.window": "require-corp", "page.says.service": "require-corp"}
    with pytest.raises(NotStagedError, match="globals"):
        play(expect, globals=["tea"], document={})
