"""Base of our actions: read the tracker, decide a reply, write the slots."""

from __future__ import annotations

import asyncio
from abc import abstractmethod

from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.interfaces import Action, Tracker
from rasa_sdk.types import DomainDict

from actions.heard import Heard, understand
from actions.memory import Memory
from actions.replies import Reply, respond


class TurnAction(Action):
    """One turn of the dialogue: what was heard and remembered goes in, a reply and a new memory come out."""

    action_name: str

    def name(self) -> str:
        """The action's name in domain.yml."""
        return self.action_name

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[EventType]:
        """Called by rasa_sdk."""
        message = next(event for event in reversed(tracker.events) if event["event"] == "user")
        heard = understand(message["parse_data"], message.get("metadata") or {})
        # The directory may be read from the database here: not on the loop that other residents wait on.
        reply, memory = await asyncio.to_thread(self.answer, heard, Memory.from_slots(tracker.slots))
        return respond(dispatcher, reply, memory, heard)

    @abstractmethod
    def answer(self, heard: Heard, memory: Memory) -> tuple[Reply, Memory]:
        """The reply, and what the conversation remembers from now on."""
