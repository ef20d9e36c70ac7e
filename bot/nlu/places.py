"""Places of a message: candidates from the gazetteer, never a guess."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message

from agency_db.places import Gazetteer


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class PlaceFinder(GraphComponent):
    """Writes `place` on a message: {"place": fields of `Place` or None, "spans", "other_city"}."""

    def __init__(self) -> None:
        """Load the packaged gazetteer."""
        self._gazetteer = Gazetteer.load()

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> PlaceFinder:
        """See rasa.engine.graph.GraphComponent."""
        return cls()

    def process(self, messages: list[Message]) -> list[Message]:
        """Find the place words of each message."""
        for message in messages:
            text = message.get(TEXT) or ""
            found = self._gazetteer.find(text)
            message.set(
                "place",
                {
                    "place": asdict(found.place) if found.place else None,
                    "spans": [list(span) for span in found.spans],
                    "other_city": found.other_city,
                },
                add_to_output=True,
            )
        return messages
