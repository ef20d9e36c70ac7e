"""One trained model with its actions: a message goes in, a reply of the contract comes out."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

from bot.engine.environment import prepare
from bot.engine.no_tensorflow import keep_tensorflow_out

prepare()
keep_tensorflow_out()

from rasa.core.agent import Agent
from rasa.core.channels.channel import CollectingOutputChannel, UserMessage

from bot.engine.actions_endpoint import InProcessActions
from bot.engine.lean_rasa import leave_out_needless_work
from bot.engine.probe import PROBE
from bot.engine.state import ONCE, ConversationStore
from bot.engine.training import name_of
from bot.logbook.sessions import SessionStore
from bot.safety import crisis as rules
from bot.safety.incoming import READ_WHOLE, for_model

JSON = dict[str, Any]

_log = logging.getLogger(__name__)


class TurnFailed(Exception):
    """The model or an action failed on a message; the conversation's last good state is kept."""


class TriageAgent:
    """A loaded model. Not safe for two turns of one conversation at once; the server keeps them in order."""

    def __init__(self, agent: Agent, store: ConversationStore, model: str) -> None:
        """Use `load`."""
        self._agent = agent
        self._store = store
        self.model = model

    @classmethod
    async def load(cls, model: Path, sessions: SessionStore | None = None) -> TriageAgent:
        """Load a model archive and answer a probe with it. Raises what Rasa raises for a broken archive."""
        leave_out_needless_work()
        store = ConversationStore(None, sessions)
        agent = Agent.load(str(model), tracker_store=store, action_endpoint=InProcessActions())
        loaded = cls(agent, store, name_of(model))
        # The first resident must not pay for lazy imports and caches.
        await loaded.once(PROBE)
        return loaded

    @property
    def store(self) -> ConversationStore:
        """The conversations' state."""
        return self._store

    async def turn(self, conversation: str, text: str, metadata: JSON | None = None) -> JSON:
        """Answer one message. Raises TurnFailed."""
        return (await self._answer(conversation, text, metadata or {}))[0]

    async def _answer(self, conversation: str, text: str, metadata: JSON) -> tuple[JSON, JSON]:
        """The reply, and what the components understood (Rasa's parse)."""
        channel = CollectingOutputChannel()
        # A crisis in the middle of a very long text must be among what is read.
        crisis = rules.detect(text) if len(text) > READ_WHOLE else None
        message = UserMessage(for_model(text, crisis), channel, conversation, metadata=metadata)
        processor = self._agent.processor
        if processor is None:
            raise TurnFailed("no model loaded")
        try:
            message.parse_data = await processor.parse_message(message)
            await processor.handle_message(message)
            return self._reply(channel.messages), message.parse_data
        except Exception as error:
            self._store.evict(conversation)
            # The type alone: the message of an exception may quote the resident.
            _log.error("A turn failed: %s", type(error).__name__)
            raise TurnFailed(type(error).__name__) from error

    async def once(self, text: str, metadata: JSON | None = None) -> JSON:
        """Answer a text as a conversation of its own, and forget it."""
        return (await self.examine(text, metadata))[0]

    async def examine(self, text: str, metadata: JSON | None = None) -> tuple[JSON, list[JSON]]:
        """As `once`, with the areas that were weighed, best first: {"id", "score", "asserted", "evidence"}."""
        self._store.evict(ONCE)
        try:
            reply, understood = await self._answer(ONCE, text, metadata or {})
        finally:
            self._store.evict(ONCE)
        return reply, (understood.get("areas") or {}).get("ranked") or []

    def _reply(self, uttered: list[JSON]) -> JSON:
        outcome = next(message["custom"] for message in uttered if "custom" in message)
        messages = [
            {"text": message["text"], "buttons": message.get("buttons") or []}
            for message in uttered
            if message.get("text")
        ]
        return {**outcome, "messages": messages, "model": self.model}
