"""What real shells are offered at Tab, and how little is imported for it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from isolab.bootstrap import ROOT
from isolab.cli.completing import answer, script
from isolab.scenario.case import ENGINE_NAMES

HEAVY = ("aiohttp", "asyncio", "jinja2", "playwright", "pydantic", "rich", "rich_click", "selenium", "yaml", "trustme")

# In place of the line editor: the function that the script has defined is called as the shell would call it.
ASK = {
    "bash": """
        source "$SCRIPT"
        compopt() { echo "compopt $*"; }
        read -ra COMP_WORDS <<< "$LINE"; [[ $LINE == *' ' ]] && COMP_WORDS+=('')
        COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
        _isolab_completion isolab
        printf '%s\\n' "${COMPREPLY[@]}"
    """,
    "zsh": """
        compdef() { }
        source "$SCRIPT"
        _path_files() { echo "files $*" }
        compadd() { print -l -- $completions }
        _describe() { print -l -- $completions_with_descriptions }
        words=(${=LINE}); [[ $LINE == *' ' ]] && words+=('')
        CURRENT=$#words
        _isolab_completion
    """,
    "fish": """
        source $SCRIPT
        complete -C "$LINE"
    """,
}
SHELLS = sorted(ASK)


def _offered(shell: str, line: str, folder: Path) -> list[str]:
    """What the shell offers at the end of the line, without descriptions."""
    program = shutil.which(shell)
    if program is None:
        pytest.skip(f"no {shell} on this machine")
    folder.joinpath("script").write_text(script(shell), encoding="utf-8")
    folder.joinpath("bin").mkdir(exist_ok=True)
    command = folder / "bin" / "isolab"
    command.write_text(f'#!/bin/sh\nPYTHONPATH={ROOT} exec {sys.executable} -m isolab "$@"\n', encoding="utf-8")
    command.chmod(0o755)
    path = f"{folder / 'bin'}{os.pathsep}{os.environ['PATH']}"
    known = {**os.environ, "PATH": path, "LINE": line, "SCRIPT": str(folder / "script"), "HOME": str(folder)}
    quiet = {"bash": ["--norc"], "zsh": ["-f"], "fish": ["--no-config"]}[shell]
    asked = subprocess.run(
        [program, *quiet, "-c", ASK[shell]], env=known, cwd=folder, capture_output=True, encoding="utf-8", check=True
    )
    return [
        line.replace("\\:", "\0").split("\t")[0].split(":")[0].replace("\0", ":") for line in asked.stdout.split("\n")
    ]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "own.yaml").write_text("title: mine\n", encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize("shell", SHELLS)
@pytest.mark.parametrize(
    ("line", "wanted", "unwanted"),
    [
        ("isolab co", {"conform", "completion"}, {"run"}),
        ("isolab run --re", {"--repeat", "--retries"}, {"--headed"}),
        ("isolab run -e ", set(ENGINE_NAMES), {"--engine"}),
        ("isolab run -e firefox --engine ch", {"chromium"}, {"firefox"}),
        ("isolab list -t red", {"redirect"}, {"popup"}),
        ("isolab run signin/popup-p", {"signin/popup-postmessage"}, {"signin/popup-blank"}),
        ("isolab serve opener/redirect-h", {"opener/redirect-hop"}, {"opener/handle"}),
        ("isolab run sig", {"signin", "signin/popup-postmessage"}, {"opener"}),
        ("isolab conform --part ", {"rows", "matrix"}, set()),
        ("isolab completion ", set(SHELLS), set()),
    ],
)
def test_a_real_shell_is_offered(shell: str, line: str, wanted: set[str], unwanted: set[str], folder: Path) -> None:
    offered = set(_offered(shell, line, folder))
    assert wanted - offered == set()
    assert unwanted & offered == set()


@pytest.mark.parametrize(("shell", "told"), [("bash", "default"), ("zsh", "files -f"), ("fish", "own.yaml")])
def test_a_file_of_ones_own_is_left_to_the_shell(shell: str, told: str, folder: Path) -> None:
    for line in ("isolab run ow", "isolab check ./ow", "isolab run --json o", "isolab report ow"):
        offered = _offered(shell, line, folder)
        assert any(told in one for one in offered), line
        assert not any("opener" in one for one in offered), line


def test_nothing_heavy_is_imported() -> None:
    program = """
import json, sys
from isolab.cli import main
try:
    main()
except SystemExit as end:
    print(json.dumps([end.code, sorted({name.partition(".")[0] for name in sys.modules})]))
"""
    known = {**os.environ, "_ISOLAB_COMPLETE": "bash_complete", "COMP_WORDS": "isolab run -t ", "COMP_CWORD": "3"}
    told = subprocess.run([sys.executable, "-c", program], env=known, capture_output=True, text=True, check=True)
    *offered, last = told.stdout.splitlines()
    code, modules = json.loads(last)
    assert code == 0
    assert "plain,popup" in offered
    assert [name for name in HEAVY if name in modules] == []


def test_a_shell_that_nobody_knows_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(ValueError, match="tcsh"):
        script("tcsh")
    assert answer("tcsh_complete") == 1
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize("shell", SHELLS)
def test_the_command_prints_the_script(shell: str) -> None:
    printed = subprocess.run(
        [sys.executable, "-m", "isolab", "completion", shell], capture_output=True, encoding="utf-8", check=True
    )
    assert printed.stdout == script(shell)
    assert "_isolab_completion" in printed.stdout
