"""Each kind of mistake: its whole message is what the golden file says."""

from __future__ import annotations

from pathlib import Path

import pytest

from isolab.scenario.load import load_scenarios
from isolab.scenario.problem import ScenarioErrors

GOLDEN = Path(__file__).parent / "golden"
NAMES = sorted(path.stem for path in GOLDEN.glob("*.yaml"))


@pytest.mark.parametrize("name", NAMES)
def test_message_is_the_golden_one(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(GOLDEN)
    with pytest.raises(ScenarioErrors) as caught:
        load_scenarios([Path(f"{name}.yaml")])
    assert f"{caught.value}\n" == (GOLDEN / f"{name}.err").read_text(encoding="utf-8")


def test_every_golden_file_has_its_scenario() -> None:
    assert sorted(path.stem for path in GOLDEN.glob("*.err")) == NAMES


def test_messages_have_no_jargon() -> None:
    texts = "".join(path.read_text(encoding="utf-8") for path in GOLDEN.glob("*.err"))
    for word in ("pydantic", "Input should", "extra_forbidden", "NoneType", "dict", "validation"):
        assert word not in texts, word


def test_all_mistakes_of_all_files_come_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(GOLDEN)
    with pytest.raises(ScenarioErrors) as caught:
        load_scenarios([Path("unknown_key.yaml"), Path("no-such.yaml"), Path("timeout.yaml"), Path("bad_yaml.yaml")])
    codes = [(problem.source.path, problem.code) for problem in caught.value.problems]
    assert sorted(codes) == [
        ("bad_yaml.yaml", "yaml"),
        ("no-such.yaml", "no-file"),
        ("timeout.yaml", "timeout"),
        ("unknown_key.yaml", "unknown-key"),
    ]
