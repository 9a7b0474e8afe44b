"""A real Django and a real Express with Helmet, as servers of one's own: started on loopback, ended by their owner."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest
from platformdirs import user_cache_path

HERE = Path(__file__).parent / "frameworks"
PAGES = HERE / "pages"
EXPRESS = HERE / "express"
INSTALL_S = 240.0


@contextmanager
def framework(name: str) -> Iterator[str]:
    """The address of a real server with the framework of that name. Skips the test where it is not to be had."""
    command, environment = _COMMANDS[name]()
    process = subprocess.Popen(
        [*command, str(PAGES)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment
    )
    assert process.stdin
    assert process.stdout
    try:
        yield f"http://127.0.0.1:{int(process.stdout.readline())}"
    finally:
        process.stdin.close()
        process.stdout.close()
        assert process.wait(20) == 0


def sent(address: str) -> dict[str, str]:
    """The headers of what is at an address, names in small letters."""
    with urllib.request.urlopen(address) as response:
        return {name.lower(): value for name, value in response.getheaders()}


def _django() -> tuple[Sequence[str], dict[str, str]]:
    return (sys.executable, str(HERE / "django_server.py")), dict(os.environ)


def _helmet() -> tuple[Sequence[str], dict[str, str]]:
    npm, node = shutil.which("npm"), shutil.which("node")
    if not (npm and node):
        pytest.skip("npm is not here, from which Express and Helmet come")
    return (node, str(EXPRESS / "server.js")), {**os.environ, "NODE_PATH": str(_node_modules(npm))}


def _node_modules(npm: str) -> Path:
    """What package-lock.json names, each archive checked against the hash there; got once for every state of it."""
    lock = (EXPRESS / "package-lock.json").read_bytes()
    folder = user_cache_path("isolab", appauthor=False) / "npm" / f"express-{hashlib.sha256(lock).hexdigest()[:16]}"
    if not (folder / "node_modules").is_dir():
        # Whoever comes last puts a whole folder in place; where one is there already, ours is not needed.
        draft = folder.with_name(f"{folder.name}.{os.getpid()}")
        draft.mkdir(parents=True)
        for name in ("package.json", "package-lock.json"):
            shutil.copy(EXPRESS / name, draft)
        got = subprocess.run(
            [npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"],
            cwd=draft, capture_output=True, text=True, timeout=INSTALL_S, check=False,
        )  # fmt: skip
        if got.returncode == 0 and not folder.exists():
            draft.replace(folder)
        shutil.rmtree(draft, ignore_errors=True)
        if got.returncode:
            pytest.skip(f"Express and Helmet are not to be had from npm: {got.stderr.strip()[-300:]}")
    return folder / "node_modules"


_COMMANDS = {"django": _django, "helmet": _helmet}
