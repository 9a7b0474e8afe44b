"""What docs/ci.md and the top folder have for other people's pipelines is right, as far as it can be known here."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
import tomllib
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import yaml
from command_lines import accept
from docs_blocks import blocks, commands, marked

from isolab import bootstrap
from isolab.bootstrap import ROOT
from isolab.cli.app import group

PAGE = "docs/ci.md"
BIN = Path(sys.executable).parent
DOCKERFILE = ROOT / "docs" / "docker" / "Dockerfile"


def _checked(*command: str, cwd: Path) -> str:
    known = {**os.environ, "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}", "NO_COLOR": "1"}
    ran = subprocess.run(command, cwd=cwd, env=known, capture_output=True, encoding="utf-8", check=False)
    told = ran.stdout + ran.stderr
    assert ran.returncode == 0, told
    return told


def _job() -> dict[str, Any]:
    return dict(yaml.safe_load(marked(PAGE, "github"))["jobs"]["isolab"])


def _using(action: str) -> dict[str, Any]:
    (step,) = [step for step in _job()["steps"] if f"/{action}@" in step.get("uses", "")]
    return dict(step)


@pytest.mark.parametrize(
    ("mark", "name", "schema"),
    [
        ("github", ".github/workflows/isolation.yml", "vendor.github-workflows"),
        ("gitlab", ".gitlab-ci.yml", "vendor.gitlab-ci"),
    ],
)
def test_pipelines_have_the_form_that_their_schema_says(mark: str, name: str, schema: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(marked(PAGE, mark), encoding="utf-8")
    _checked("check-jsonschema", "--builtin-schema", schema, str(path), cwd=tmp_path)
    if mark == "github":
        assert "No findings" in _checked("zizmor", "--offline", "--persona", "auditor", str(path), cwd=tmp_path)


def test_actions_are_pinned_and_may_do_no_more_than_read_and_upload_results() -> None:
    uses = [line for line in marked(PAGE, "github").splitlines() if "uses:" in line]
    assert len(uses) >= 4
    for line in uses:
        assert re.fullmatch(r"\s+(- )?uses: [\w.-]+/[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", line), line
    assert yaml.safe_load(marked(PAGE, "github"))["permissions"] == {}
    # Without code scanning a job need not write anything; the page says which lines to leave out.
    assert _job()["permissions"] == {"contents": "read", "security-events": "write"}
    assert "github.event.pull_request.head.repo.fork != true" in _using("upload-sarif")["if"]


def test_what_is_kept_is_what_the_run_writes() -> None:
    (run,) = [step["run"] for step in _job()["steps"] if step.get("run", "").startswith("isolab run ")]
    assert _using("upload-artifact")["with"]["path"].split() == _written(run)
    scanned = _using("upload-sarif")["with"]["sarif_file"]
    assert f"--sarif {scanned} " in run
    assert f"hashFiles('{scanned}')" in _using("upload-sarif")["if"]
    gitlab = yaml.safe_load(marked(PAGE, "gitlab"))["isolab"]
    artifacts = gitlab["artifacts"]
    assert sorted([*artifacts["paths"], artifacts["reports"]["junit"]]) == sorted(_written(gitlab["script"][-1]))


def _written(command: str) -> list[str]:
    words = shlex.split(command)
    return [value for option, value in pairwise(words) if option in _WRITING]


_WRITING = {"--json", "--junit", "--html", "--sarif", "--artifacts"}


def test_the_version_that_is_named_is_this_one() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    (line,) = next(block.text.split() for block in blocks(PAGE) if block.kind == "text")
    assert line == f"{project['name']}=={project['version']}"
    assert yaml.safe_load(marked(PAGE, "pre-commit"))["repos"][0]["rev"] == f"v{project['version']}"


SCENARIO = "title: A page\npages: {app: {}}\nflow: [open: app]\nexpect: {app.isSecureContext: true}\n"


needs_git = pytest.mark.skipif(shutil.which("git") is None, reason="pre-commit works in git, which is not installed")


def _committing(folder: Path, *, files: str | None = None) -> subprocess.CompletedProcess[str]:
    """Have the real pre-commit check all files of a new repository with isolab's hook, run from this environment."""
    (hook,) = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
    # Installing the package is the one thing that is left out: it would be fetched with all that it needs.
    hook["language"] = "system"
    if files is not None:
        hook["files"] = files
    config = {"repos": [{"repo": "local", "hooks": [hook]}]}
    (folder / ".pre-commit-config.yaml").write_text(yaml.safe_dump(config), encoding="utf-8")
    known = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    known |= {"PATH": f"{BIN}{os.pathsep}{known['PATH']}", "PRE_COMMIT_HOME": str(folder / ".cache"), "NO_COLOR": "1"}
    for command in (["git", "init", "-q"], ["git", "add", "-A", ":!.cache"]):
        subprocess.run(command, cwd=folder, env=known, check=True)
    words = ["pre-commit", "run", "--all-files", "--color", "never"]
    return subprocess.run(words, cwd=folder, env=known, capture_output=True, encoding="utf-8", check=False)


def _write(folder: Path, name: str, text: str) -> None:
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(text, encoding="utf-8")


@needs_git
def test_the_hook_tells_mistakes_of_scenarios_and_leaves_other_files_alone(tmp_path: Path) -> None:
    _write(tmp_path, "docker-compose.yaml", "services: {}\n")
    ran = _committing(tmp_path)
    assert (ran.returncode, "no files to check" in ran.stdout) == (0, True), ran.stdout
    _write(tmp_path, "scenarios/good.yaml", SCENARIO)
    _write(tmp_path, "web/scenarios/also/good.yml", SCENARIO)
    ran = _committing(tmp_path)
    assert (ran.returncode, "Passed" in ran.stdout) == (0, True), ran.stdout
    _write(tmp_path, "tests/popup.isolab.yaml", SCENARIO.replace("isSecureContext", "isSecureContxt"))
    ran = _committing(tmp_path)
    assert ran.returncode == 1
    assert "--> tests/popup.isolab.yaml:4:14" in ran.stdout
    assert "did you mean `isSecureContext`?" in ran.stdout


@needs_git
def test_other_places_can_be_named(tmp_path: Path) -> None:
    _write(tmp_path, "scenarios/other.yaml", "services: {}\n")
    _write(tmp_path, "e2e/isolation/popup.yaml", SCENARIO)
    (files,) = re.findall(r"`files: (\S+)`", (ROOT / PAGE).read_text(encoding="utf-8"))
    ran = _committing(tmp_path, files=files)
    assert (ran.returncode, "Passed" in ran.stdout) == (0, True), ran.stdout


def test_the_hook_is_the_one_that_is_documented() -> None:
    (hook,) = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
    accept(f"{hook['entry']} a.yaml")
    (repo,) = yaml.safe_load(marked(PAGE, "pre-commit"))["repos"]
    assert [one["id"] for one in repo["hooks"]] == [hook["id"]]


def _instructions() -> list[tuple[str, str]]:
    text = re.sub(r"^#.*\n", "", DOCKERFILE.read_text(encoding="utf-8"), flags=re.MULTILINE).replace("\\\n", " ")
    words = [line.split(None, 1) for line in text.splitlines() if line.strip()]
    return [(verb, " ".join(rest.split())) for verb, rest in words]


def _only(verb: str) -> str:
    (rest,) = [rest for each, rest in _instructions() if each == verb]
    return rest


def test_the_image_sets_isolab_up_and_runs_it_for_a_user_under_an_init() -> None:
    runs = [rest for verb, rest in _instructions() if verb == "RUN"]
    packages = runs[0].split("--no-install-recommends ")[1].split(" &&")[0].split()
    assert {"ca-certificates", "python3", "python3-venv", "tini"} == set(packages)
    (setup,) = re.findall(r"python3 -m isolab\.bootstrap (\w+)", runs[1])
    assert f"  {setup} " in bootstrap.USAGE
    entry = yaml.safe_load(_only("ENTRYPOINT"))
    assert entry == ["tini", "--", "isolab"]
    assert yaml.safe_load(_only("CMD"))[0] in group.commands
    assert _only("USER").split(":")[0] not in ("root", "0")
    verbs = [verb for verb, _ in _instructions()]
    assert verbs.index("USER") > max(number for number, verb in enumerate(verbs) if verb in ("RUN", "COPY"))


def test_the_image_is_built_from_all_that_the_package_is() -> None:
    listed = Path(f"{DOCKERFILE}.dockerignore").read_text(encoding="utf-8").splitlines()
    kept = {line[1:] for line in listed if line.startswith("!")}
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    wheel = project["tool"]["hatch"]["build"]["targets"]["wheel"]
    needed = {*wheel["packages"], *wheel["force-include"], project["project"]["readme"]}
    needed |= {*project["project"]["license-files"], "pyproject.toml", "requirements.lock"}
    assert kept == needed
    assert all((ROOT / name).exists() for name in kept)


def test_the_commands_for_the_image_name_its_file_and_its_options() -> None:
    build, run = (command for command, _ in commands(marked(PAGE, "docker")))
    assert f"-f {DOCKERFILE.relative_to(ROOT).as_posix()} " in build
    accept(f"isolab {run.partition(' isolab ')[2]}")
