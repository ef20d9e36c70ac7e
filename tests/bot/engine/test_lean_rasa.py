"""The graph of components runs as Rasa's own runner runs it: only what the answer needs, once, inputs first."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from bot.engine import agent  # noqa: F401 - sets the environment that Rasa is imported in
from bot.engine.lean_rasa import _run


def test_each_needed_component_runs_once_after_what_it_needs() -> None:
    ran: list[str] = []

    def component(name: str) -> Any:
        def call(*inputs: tuple[str, Any]) -> tuple[str, Any]:
            ran.append(name)
            return name, [value for _, value in inputs]

        return call

    needs = {"words": ["message"], "areas": ["words"], "acts": ["areas", "words"], "unasked": ["words"]}
    runner: Any = SimpleNamespace(
        _graph_schema=SimpleNamespace(
            nodes={
                name: SimpleNamespace(needs={f"input{i}": before for i, before in enumerate(needed)})
                for name, needed in needs.items()
            },
            target_names=["acts"],
        ),
        _instantiated_nodes={name: component(name) for name in needs},
    )
    assert _run(runner, {"message": "困っています"}) == {"acts": [[["困っています"]], ["困っています"]]}
    assert ran == ["words", "areas", "acts"]
