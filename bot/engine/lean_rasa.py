"""What Rasa does on every turn without need, done once or left out: together nearly a third of a turn."""

from __future__ import annotations

from functools import lru_cache
from types import SimpleNamespace
from typing import Any

import rasa.core.processor
from rasa.core.actions.action import RemoteAction
from rasa.engine.runner.dask import DaskGraphRunner
from rasa.shared.core.events import Event


def leave_out_needless_work() -> None:
    """Change Rasa's classes for this process; call before a model is loaded.

    Each `type: ignore` is that change: mypy takes another's method for fixed.
    """
    # The answer of a foreign action server is checked against a JSON schema. Ours are called in this process.
    RemoteAction._validate_action_result = staticmethod(lambda result: True)  # type: ignore[method-assign, assignment]
    # Rasa looks through every class of events for each event of an action.
    Event.resolve_by_type = staticmethod(lru_cache(maxsize=None)(Event.resolve_by_type))  # type: ignore[method-assign]
    # The processor copies whatever happened for a debug log that is off (and must be: it quotes residents).
    rasa.core.processor.copy = SimpleNamespace(deepcopy=lambda value: value)  # type: ignore[attr-defined, assignment]
    DaskGraphRunner.run = _run  # type: ignore[method-assign]


def _run(
    self: DaskGraphRunner, inputs: dict[str, Any] | None = None, targets: list[str] | None = None
) -> dict[str, Any]:
    """`DaskGraphRunner.run` without a scheduler: a dozen components, one after the other, each when it is needed."""
    needs = {name: node.needs for name, node in self._graph_schema.nodes.items()}
    done: dict[str, tuple[str, Any]] = {name: (name, value) for name, value in (inputs or {}).items()}

    def result(name: str) -> tuple[str, Any]:
        if name not in done:
            done[name] = self._instantiated_nodes[name](*(result(before) for before in needs[name].values()))
        return done[name]

    return dict(result(target) for target in targets or self._graph_schema.target_names)
