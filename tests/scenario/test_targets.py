from __future__ import annotations

import pytest

from isolab.scenario.flow import Flow, Window
from isolab.scenario.model import ScenarioFile
from isolab.scenario.references import pages_shown
from isolab.scenario.targets import Target, Unknown, find_target

FILE = ScenarioFile.model_validate(
    {
        "title": "t",
        "pages": {
            "app": {"embed": {"ad": {"iframe": "away"}, "thread": {"worker": "script"}, "pic": {"image": "script"}}},
            "away": {"redirect": "ad"},
            "ad": {"embed": {"pic": {"image": "script"}}},
            "script": {},
            "loop": {"redirect": "pool"},
            "pool": {"redirect": "loop"},
        },
        "flow": [{"open": "app"}],
        "expect": {"app.open": True},
    }
)
FLOW = Flow(windows={"app": Window(popup=False, pages=["app"]), "login": Window(popup=True, pages=["loop"])})


@pytest.mark.parametrize(
    ("name", "subject", "fact"),
    [
        ("login.opener", "login", "opener"),
        ("app.ad", "app.ad", "load"),
        ("app.ad.timers", "app.ad", "timers"),
        ("app.ad.pic", "app.ad.pic", "load"),
        ("app.thread.name", "app.thread", "name"),
        ("app.says.a.b", "app", "says.a.b"),
        ("app.ad.says.a.b", "app.ad", "says.a.b"),
    ],
)
def test_found(name: str, subject: str, fact: str) -> None:
    target = find_target(name, FILE, FLOW)
    assert isinstance(target, Target)
    assert (target.subject, target.fact) == (subject, fact)


@pytest.mark.parametrize(
    ("name", "part", "code"),
    [
        ("help.opener", "help", "unknown-window"),
        ("app", "app", "unknown-fact"),
        ("app.opener", "opener", "not-a-popup"),
        ("app.pic.name", "name", "unknown-fact"),
        ("app.thread.timers", "timers", "unknown-fact"),
        ("app.thread.says.x", "says.x", "unknown-fact"),
        ("app.ad.pic.says.x", "says.x", "unknown-fact"),
        ("app.ad.opener", "opener", "unknown-fact"),
        ("app.says", "says", "unknown-fact"),
        ("login.pic", "pic", "unknown-fact"),
        ("app.", "", "unknown-fact"),
    ],
)
def test_not_found(name: str, part: str, code: str) -> None:
    target = find_target(name, FILE, FLOW)
    assert isinstance(target, Unknown)
    assert (target.part, target.code) == (part, code)


def test_redirects_are_followed_and_loops_end() -> None:
    assert set(pages_shown(["loop"], FILE)) == {"loop", "pool"}
    assert set(pages_shown(["away", "nowhere"], FILE)) == {"away", "ad"}
