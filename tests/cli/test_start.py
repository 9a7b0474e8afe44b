"""Ctrl-C before the command's own handling of it is in place."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

_ROOT = Path(__file__).parents[2]
_SCRIPT = tomllib.loads((_ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["scripts"]["isolab"]

# Ctrl-C comes the moment that a module is looked for, or the command sets up its standard output.
_PRESSED = """
import importlib.abc, io, signal, sys

moment, way = sys.argv[1:]
sys.argv[1:] = ["run", "--help"]

def press():
    print("pressed", file=sys.stderr, flush=True)
    signal.raise_signal(signal.SIGINT)

class Dying:
    def __del__(self):
        # As in the callbacks of the import system: an exception would only be printed, and the command go on.
        press()

class Finder(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path, target=None):
        if moment == name:
            press()
        if moment == f"del {name}":
            Dying()

class Output(io.TextIOWrapper):
    def reconfigure(self, **options):
        press()

sys.meta_path.insert(0, Finder())
if moment == "output":
    sys.stdout = Output(sys.stdout.buffer)
"""
# A job in the background of a script inherits that Ctrl-C is ignored.
_HEARD = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler)\n"
_WAYS = {
    "module": "import runpy; runpy.run_module('isolab', run_name='__main__', alter_sys=True)",
    "script": f"from importlib.metadata import EntryPoint; sys.exit(EntryPoint('isolab', {_SCRIPT!r}, 'x').load()())",
}


@pytest.mark.parametrize("way", _WAYS)
@pytest.mark.parametrize(
    "moment", ["isolab.cli.start", "isolab.cli.app", "rich_click", "isolab.runner.run", "del pydantic", "output"]
)
def test_ctrl_c_at_the_very_start_is_an_interruption_and_no_traceback(way: str, moment: str) -> None:
    ran = subprocess.run(
        [sys.executable, "-c", _HEARD + _PRESSED + _WAYS[way], moment, way],
        cwd=_ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (ran.returncode, ran.stdout, ran.stderr.strip()) == (130, "", "pressed")


def test_where_ctrl_c_is_ignored_it_stays_so() -> None:
    """As for `nohup`, or a job that a shell has put into the background."""
    ignored = "import signal; signal.signal(signal.SIGINT, signal.SIG_IGN)\n"
    ran = subprocess.run(
        [sys.executable, "-c", ignored + _PRESSED + _WAYS["module"], "isolab.cli.app", "module"],
        cwd=_ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (ran.returncode, ran.stderr.strip()) == (0, "pressed")
    assert "Usage: isolab run" in ran.stdout
