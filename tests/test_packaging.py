from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from packaging.markers import Marker
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parent.parent
PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
LOCK = (ROOT / "requirements.lock").read_text(encoding="utf-8")
# Put together from halves, so that this file does not name what no file may name.
REGISTRY_HOSTS = tuple(
    f"{name}.{end}" for name, end in (("pypi", "org"), ("pythonhosted", "org"), ("npmjs", "org"), ("npmjs", "com"))
)
PRIVATE_PATH = re.compile(r"(?<![\w.$}/-])/(?:work|root|home|tmp)/[\w.-]+")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Iterator[zipfile.ZipFile]:
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    built = subprocess.run(build, cwd=ROOT, capture_output=True, text=True, check=False)
    assert built.returncode == 0, built.stdout + built.stderr
    (path,) = folder.glob("*.whl")
    with zipfile.ZipFile(path) as archive:
        yield archive


def shipped(folder: str) -> set[str]:
    files = (path for path in (ROOT / folder).rglob("*") if path.is_file())
    return {path.relative_to(ROOT).as_posix() for path in files if "__pycache__" not in path.parts}


@pytest.mark.parametrize("folder", ["fixtures", "scenarios"])
def test_the_wheel_has_every_fixture_and_scenario(wheel: zipfile.ZipFile, folder: str) -> None:
    files = shipped(folder)
    assert files
    assert {f"isolab/_data/{name}" for name in files} <= set(wheel.namelist())


def test_the_wheel_has_every_module_and_its_types(wheel: zipfile.ZipFile) -> None:
    assert {name for name in shipped("isolab") if name.endswith(".py")} <= set(wheel.namelist())
    assert "isolab/py.typed" in wheel.namelist()


def test_the_wheel_has_nothing_else(wheel: zipfile.ZipFile) -> None:
    tops = {name.split("/")[0] for name in wheel.namelist()}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"isolab"}
    assert not [name for name in wheel.namelist() if "__pycache__" in name or "/tests/" in name]


def test_the_wheel_says_its_license_and_command(wheel: zipfile.ZipFile) -> None:
    info = next(name.split("/")[0] for name in wheel.namelist() if ".dist-info/" in name)
    assert "License-Expression: MIT" in wheel.read(f"{info}/METADATA").decode()
    assert f"{info}/licenses/LICENSE" in wheel.namelist()
    assert "isolab = isolab.cli:main" in wheel.read(f"{info}/entry_points.txt").decode()


def locked() -> dict[str, str]:
    """The pinned version of each package (where it has several, by marker, the one for this Python)."""
    pins: dict[str, str] = {}
    for name, version, marker in re.findall(r"^([\w.-]+)==([^\s;]+)(?: ; ([^\\\n]+))?", LOCK, re.MULTILINE):
        if not marker or Marker(marker.strip()).evaluate():
            pins[canonicalize_name(name)] = version
    return pins


@pytest.mark.parametrize("text", [*PROJECT["project"]["dependencies"], *PROJECT["dependency-groups"]["dev"]])
def test_the_lock_satisfies_the_project(text: str) -> None:
    wanted = Requirement(text)
    assert wanted.specifier.contains(locked()[canonicalize_name(wanted.name)])


def test_the_lock_has_the_build_backend_for_an_editable_install() -> None:
    (backend,) = PROJECT["build-system"]["requires"]
    wanted = Requirement(backend)
    assert wanted.specifier.contains(locked()[canonicalize_name(wanted.name)])


def test_every_locked_package_has_a_hash() -> None:
    entries = re.split(r"^(?=[A-Za-z])", LOCK, flags=re.MULTILINE)[1:]
    assert len(entries) >= len(locked())
    assert [entry.split("==")[0] for entry in entries if "--hash=sha256:" not in entry] == []


def test_the_lock_names_no_index_and_says_how_it_is_made() -> None:
    assert not re.search(r"https?://|file:|--(?:extra-)?index|--find-links|-f ", LOCK.split("\n", 2)[2])
    assert "uv pip compile pyproject.toml" in LOCK[:300]


def repository_files() -> list[Path]:
    if shutil.which("git") is None or not (ROOT / ".git").exists():
        pytest.skip("not a git checkout: which files belong to the repository is not known")
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return [path for name in listed.split("\0") if name and (path := ROOT / name).is_file()]


def lines() -> Iterator[tuple[str, str]]:
    for path in repository_files():
        for number, line in enumerate(path.read_bytes().decode("utf-8", "replace").splitlines(), 1):
            yield f"{path.relative_to(ROOT)}:{number}", line


def test_no_file_names_a_package_registry() -> None:
    assert [(where, line) for where, line in lines() if any(host in line for host in REGISTRY_HOSTS)] == []


def test_no_file_has_a_path_of_the_machine_that_it_was_made_on() -> None:
    assert [(where, line) for where, line in lines() if PRIVATE_PATH.search(line)] == []
