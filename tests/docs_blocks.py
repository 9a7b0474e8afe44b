"""The blocks of a page of documentation, run in a folder as somebody would who follows it from top to bottom."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from isolab.bootstrap import ROOT

_BLOCK = re.compile(r"(?:<!-- (?P<mark>[^>]*?) -->\n)?```(?P<kind>\w+)\n(?P<text>.*?)^```$", re.DOTALL | re.MULTILINE)
_DEADLINE_S = 240


@dataclass(frozen=True, slots=True)
class Block:
    """A fence: the language, the text, and the marker in the comment above it ("" without)."""

    kind: str
    text: str
    mark: str


def blocks(page: str) -> list[Block]:
    """All fences of a page below the top folder, in order."""
    text = (ROOT / page).read_text(encoding="utf-8")
    return [Block(found["kind"], found["text"], found["mark"] or "") for found in _BLOCK.finditer(text)]


def marked(page: str, mark: str) -> str:
    """The text of the one block with this marker."""
    (text,) = [block.text for block in blocks(page) if block.mark == mark]
    return text


def commands(text: str) -> list[tuple[str, list[str]]]:
    """The commands of a console block, each with the lines that are shown below it."""
    found: list[tuple[str, list[str]]] = []
    for line in text.splitlines():
        if line.startswith("$ "):
            found.append((line[2:], []))
        elif line.strip():
            found[-1][1].append(line)
    return found


def unlike(shown: list[str], told: str) -> str | None:
    """The first shown line that is not in the output after those before it; `...` stands for anything within a line."""
    lines = iter(told.splitlines())
    for line in shown:
        pattern = re.compile(".*".join(re.escape(part) for part in line.strip().split("...")))
        if not any(pattern.fullmatch(one.strip()) for one in lines):
            return line
    return None


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody who follows a page in an empty folder.

    `instead`: what they have in place of what a file names; `environ` is added to their environment.
    """

    folder: Path
    instead: Mapping[str, str] = field(default_factory=dict)
    environ: Mapping[str, str] = field(default_factory=dict)

    def follow(self, page: str) -> None:
        """Write the page's files and run its commands; fails where what comes is not what is shown."""
        for block in blocks(page):
            if block.mark.startswith("file: "):
                self._write(block.mark.removeprefix("file: "), block.text)
            elif block.kind == "console":
                self._run(block.text)

    def _write(self, name: str, text: str) -> None:
        for theirs, ours in self.instead.items():
            text = text.replace(theirs, ours)
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def _run(self, text: str) -> None:
        status = 0
        for command, shown in commands(text):
            if command.startswith("isolab serve "):
                told = self._until_shown(command, shown)
            else:
                # `$?` is that of the command before.
                told, status = self.bash(f"(exit {status}); {command}")
            wrong = unlike(shown, told)
            assert wrong is None, f"$ {command}\nshows nothing like\n  {wrong}\nbut\n{told}"
            assert shown or status == 0, f"$ {command}\nends with {status}:\n{told}"

    def bash(self, script: str) -> tuple[str, int]:
        """Run a script in the folder; gives what it says on both streams, and its exit code."""
        ran = self._bash(script)
        told, _ = ran.communicate(timeout=_DEADLINE_S)
        return told, ran.returncode

    def _until_shown(self, command: str, shown: list[str]) -> str:
        """Run a command that goes on until Ctrl-C: up to the last line that the page shows."""
        running = self._bash(f"exec {command}")
        watchdog = threading.Timer(60, running.kill)
        watchdog.start()
        try:
            told = "".join(self._lines(running, shown))
            running.send_signal(signal.SIGINT)
            rest, _ = running.communicate()
        finally:
            watchdog.cancel()
            running.kill()
        assert running.returncode == 130, told + rest
        return told

    def _lines(self, running: subprocess.Popen[str], shown: list[str]) -> Iterator[str]:
        assert running.stdout is not None
        told = ""
        while unlike(shown, told) is not None and (line := running.stdout.readline()):
            told += line
            yield line

    def _bash(self, script: str) -> subprocess.Popen[str]:
        path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
        return subprocess.Popen(
            ["bash", "-c", script],
            cwd=self.folder,
            env={**os.environ, "PATH": path, "NO_COLOR": "1", "COLUMNS": "200", **self.environ},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
        )
