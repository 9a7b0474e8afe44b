"""The page for each use of isolab, followed from top to bottom: every file written, every command run."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from docs_blocks import Reader, marked, unlike
from own_app import OwnApp
from real_engines import engine_named
from user_project import WITHOUT_OTHERS, with_browsers

from isolab.scenario.case import ENGINE_NAMES

pytestmark = pytest.mark.browser


@pytest.fixture
def reader(pytester: pytest.Pytester, app: OwnApp, monkeypatch: pytest.MonkeyPatch) -> Reader:
    """Somebody on a machine with all engines, whose app has an editor."""
    for name in ENGINE_NAMES:
        engine_named(name)
    # The warnings are those of other plugins in the versions that are installed here.
    monkeypatch.setenv("PYTEST_ADDOPTS", " ".join((*WITHOUT_OTHERS, "-W", "ignore")))
    with_browsers(pytester, "chromium")
    app.knows_editor()
    return Reader(pytester.path, {"http://localhost:8000": app.here, "https://cdn.example": app.there})


@pytest.mark.parametrize("page", ["popup-signin-regression", "shared-memory", "reproduce-a-report"])
def test_a_page_can_be_followed(page: str, reader: Reader) -> None:
    reader.follow(f"docs/{page}.md")


def test_the_steps_of_the_pipeline(reader: Reader) -> None:
    """What the job of docs/ci.md runs, on the scenario of README: every file that it keeps is there in the end."""
    folder = reader.folder
    (folder / "scenarios").mkdir()
    (folder / "scenarios" / "signin.yaml").write_text(marked("README.md", "scenario"), encoding="utf-8")
    steps = pipeline_steps()
    for step in steps:
        told, code = reader.bash(step)
        assert code == 0, f"{step}\n{told}"
    assert {path.name for path in folder.iterdir()} >= {
        "results.json",
        "junit.xml",
        "report.html",
        "isolab.sarif",
        "kept",
    }


def test_the_failure_of_the_readme(reader: Reader) -> None:
    """Its scenario without the last three lines, as README says; only the browser's version is another by now."""
    text = marked("README.md", "scenario").splitlines()[:-3]
    (reader.folder / "signin.yaml").write_text("\n".join(text) + "\n", encoding="utf-8")
    told, code = reader.bash("isolab run -e chromium signin.yaml")
    shown = re.sub(r"(chromium) [\d.]+", r"\1 ...", marked("README.md", "failure")).splitlines()
    assert (unlike(shown, told), code) == (None, 1), told
    assert "1 passed, 1 failed in chromium" in told


def pipeline_steps() -> list[str]:
    """The steps of the job that need nothing from outside."""
    import yaml

    job = yaml.safe_load(marked("docs/ci.md", "github"))["jobs"]["isolab"]
    steps = [step["run"] for step in job["steps"] if "run" in step]
    return [step for step in steps if step.startswith("isolab ") and "--install" not in step]


def test_where_a_scenario_fails_the_pipeline_fails(reader: Reader) -> None:
    folder = Path(reader.folder)
    (folder / "scenarios").mkdir()
    text = marked("README.md", "scenario").replace("login.opener: severed", "login.opener: preserved")
    (folder / "scenarios" / "signin.yaml").write_text(text, encoding="utf-8")
    codes = [reader.bash(f"{step} {'-e chromium' if ' run ' in step else ''}")[1] for step in pipeline_steps()]
    assert codes == [0, 1]
    assert list((folder / "kept").iterdir())
