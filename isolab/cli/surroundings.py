"""What the command is told by where it runs: GitHub Actions or not, and the repository that paths are told from."""

from __future__ import annotations

import os
from pathlib import Path


def in_github_actions() -> bool:
    """Whether a job of GitHub Actions runs this: its runner sets the variable, and documents it as the way to know."""
    return os.environ.get("GITHUB_ACTIONS") == "true"


def step_summary() -> str | None:
    """The file to which a step of GitHub Actions adds its summary, None elsewhere."""
    return os.environ.get("GITHUB_STEP_SUMMARY") or None


def repository() -> Path:
    """The folder that tools tell paths from: the job's workspace, else the repository around us, else this folder."""
    if in_github_actions() and (workspace := os.environ.get("GITHUB_WORKSPACE")):
        return Path(workspace)
    here = Path.cwd()
    # A work tree's .git is a file.
    return next((folder for folder in (here, *here.parents) if (folder / ".git").exists()), here)
