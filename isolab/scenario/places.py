"""What a place of the file is called in messages, and which keys it has."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel

from isolab.scenario.embeds import EMBEDS
from isolab.scenario.model import Block, Difference, Page, RelatedHost, ScenarioFile, UpstreamHost
from isolab.scenario.positions import Path
from isolab.scenario.provider_form import ClientForm, ProviderForm
from isolab.scenario.shapes import UPSTREAM, host_form
from isolab.scenario.steps import STEPS


@dataclass(frozen=True, slots=True)
class Place:
    """`words` after "in": page `app`; `noun` before "has": A page; `keys` that may stand there."""

    words: str
    noun: str
    keys: tuple[str, ...] = ()


def place(path: Path, data: object) -> Place:  # noqa: PLR0911 - one line for each kind of place
    """The mapping at a path, whose own data is given."""
    match path:
        case ():
            return Place("the scenario", "A scenario", _keys(ScenarioFile))
        case ("pages", name):
            return Place(f"page `{name}`", "A page", _keys(Page))
        case ("pages", page, "embed", name):
            return _one_of(f"embed `{name}` of page `{page}`", "The embed", EMBEDS, data)
        case ("hosts", name):
            form = UpstreamHost if host_form(data) == UPSTREAM else RelatedHost
            return Place(f"host `{name}`", "A host", _keys(form))
        case ("provider",):
            return Place("the provider", "The provider", _keys(ProviderForm))
        case ("provider", "clients", name):
            return Place(f"client `{name}`", "A client", _keys(ClientForm))
        case ("flow", int(index)):
            return _one_of(f"step {index + 1}", "The step", STEPS, data)
        case ("expect",) | ("expect", int()):
            return Place("an expectation", "A block", _keys(Block))
        case ("differences", int(index)):
            return Place(f"difference {index + 1}", "A difference", _keys(Difference))
        case _:
            return Place(f"`{'.'.join(map(str, path))}`", "It")


def _keys(model: type[BaseModel]) -> tuple[str, ...]:
    return tuple(info.alias or name for name, info in model.model_fields.items())


def _one_of(words: str, noun: str, models: Mapping[Any, type[BaseModel]], data: object) -> Place:
    if isinstance(data, dict):
        for key, model in models.items():
            if key in data:
                return Place(f"{words} ({key})", f"{noun} `{key}`", _keys(model))
    return Place(words, noun)
