"""Conversation state: live in memory, written behind without a word of what the resident wrote."""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
from collections import OrderedDict
from typing import Any

from rasa.core.tracker_store import TrackerStore
from rasa.shared.core.constants import ACTION_LISTEN_NAME, ACTION_SESSION_START_NAME
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, SessionStarted, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from sqlalchemy.exc import SQLAlchemyError

from bot.logbook.sessions import SessionStore, StaleSession

JSON = dict[str, Any]

_log = logging.getLogger(__name__)
# Policies look back four turns; a turn leaves about a dozen events.
_EVENTS_KEPT = 60
_ACTS_KEPT = 8
_CONVERSATIONS_IN_MEMORY = 20_000
_WRITE_EVERY = 0.3
#: The conversation of a text that is answered once and forgotten: never saved, never found again.
ONCE = "once"


class ConversationStore(TrackerStore):
    """Rasa's tracker store: trackers in memory, their slots and acts saved in the background."""

    def __init__(self, domain: Domain | None, sessions: SessionStore | None) -> None:
        """`sessions` None keeps everything in memory only (command line)."""
        super().__init__(domain)
        self._sessions = sessions
        self._trackers: OrderedDict[str, DialogueStateTracker] = OrderedDict()
        self._versions: dict[str, int] = {}
        self._dirty: dict[str, JSON] = {}
        self._flushing = asyncio.Lock()

    def init_tracker(self, sender_id: str) -> DialogueStateTracker:
        """A tracker that forgets old events by itself: a long conversation stays as quick as a short one."""
        return DialogueStateTracker(sender_id, self.domain.slots, max_event_history=_EVENTS_KEPT)

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Keep the tracker, drop the text of what was said, and note that it must be written."""
        for event in tracker.events:
            if isinstance(event, UserUttered) and event.text:
                _forget_words(event)
        self._trackers[tracker.sender_id] = tracker
        self._trackers.move_to_end(tracker.sender_id)
        if self._sessions is not None and tracker.sender_id != ONCE:
            self._dirty[tracker.sender_id] = snapshot(tracker)
        while len(self._trackers) > _CONVERSATIONS_IN_MEMORY and next(iter(self._trackers)) not in self._dirty:
            gone, _ = self._trackers.popitem(last=False)
            self._versions.pop(gone, None)

    async def retrieve(self, sender_id: str) -> DialogueStateTracker | None:
        """The live tracker, or one rebuilt from what was saved before a restart."""
        tracker = self._trackers.get(sender_id)
        if tracker is not None or self._sessions is None or sender_id == ONCE:
            return tracker
        try:
            found = await asyncio.to_thread(self._sessions.load, sender_id)
        except SQLAlchemyError:
            _log.warning("Session store does not answer; the conversation goes on without its past")
            return None
        if found is None:
            return None
        state, version = found
        tracker = self.init_tracker(sender_id)
        restore(tracker, state)
        self._versions[sender_id] = version
        self._trackers[sender_id] = tracker
        return tracker

    def evict(self, sender_id: str) -> None:
        """Drop a tracker whose turn failed half-way; the next turn starts from the last saved state."""
        self._trackers.pop(sender_id, None)

    async def forget(self, sender_id: str) -> None:
        """Delete a conversation's state everywhere."""
        self._trackers.pop(sender_id, None)
        self._versions.pop(sender_id, None)
        self._dirty.pop(sender_id, None)
        if self._sessions is not None:
            # Not while it is being written: it would be there again.
            async with self._flushing:
                await asyncio.to_thread(self._sessions.delete, sender_id)

    async def write_behind(self) -> None:
        """Background task: write changed sessions until cancelled, then once more."""
        try:
            while True:
                await asyncio.sleep(_WRITE_EVERY)
                await self.flush()
        finally:
            with contextlib.suppress(SQLAlchemyError):
                await self.flush()

    async def flush(self) -> bool:
        """Write what changed; what cannot be written now stays and is tried again. True when nothing is left."""
        async with self._flushing:
            while self._sessions is not None and self._dirty:
                sender_id, state = next(iter(self._dirty.items()))
                version = self._versions.get(sender_id, 0)
                try:
                    await asyncio.to_thread(self._sessions.save, sender_id, state, version)
                    self._versions[sender_id] = version + 1
                except StaleSession:
                    # Another engine answered this conversation meanwhile: its state is newer, ours is dropped.
                    self._dirty.pop(sender_id, None)
                    self.evict(sender_id)
                except SQLAlchemyError:
                    return False
                # A turn that was answered meanwhile left a newer state: it is written next.
                if self._dirty.get(sender_id) is state:
                    del self._dirty[sender_id]
        return True


def snapshot(tracker: DialogueStateTracker) -> JSON:
    """Slots and acts as plain JSON; evidence is left out, because it quotes the resident."""
    # Through JSON and back: a copy five times as quick as deepcopy, of what is stored as JSON anyway.
    slots: JSON = json.loads(json.dumps({k: v for k, v in tracker.current_slot_values().items() if v is not None}))
    slots.pop("session_started_metadata", None)
    for area in [*(slots.get("worries") or []), *((slots.get("triage") or {}).get("areas") or [])]:
        area["evidence"] = []
    acts: list[JSON] = []
    for event in tracker.events:
        if isinstance(event, UserUttered):
            acts.append({"intent": event.intent_name})
        elif isinstance(event, ActionExecuted) and event.action_name and event.action_name.startswith("action_"):
            acts.append({"action": event.action_name})
    return {"slots": slots, "acts": acts[-_ACTS_KEPT:]}


def restore(tracker: DialogueStateTracker, state: JSON) -> None:
    """Bring a fresh tracker to the state of a snapshot."""
    tracker.update(ActionExecuted(ACTION_SESSION_START_NAME))
    tracker.update(SessionStarted())
    for name, value in state["slots"].items():
        tracker.update(SlotSet(name, value))
    tracker.update(ActionExecuted(ACTION_LISTEN_NAME))
    for act in state["acts"]:
        if "intent" in act:
            tracker.update(UserUttered("", {"name": act["intent"], "confidence": 1.0}))
        elif act["action"] not in {ACTION_SESSION_START_NAME, ACTION_LISTEN_NAME}:
            tracker.update(ActionExecuted(act["action"]))
    if state["acts"]:
        tracker.update(ActionExecuted(ACTION_LISTEN_NAME))


def _forget_words(event: UserUttered) -> None:
    event.text = ""
    event.metadata = {}
    # Rasa names the keys of this type by constants, which mypy cannot read.
    event.parse_data = {"intent": event.intent, "entities": [], "text": ""}  # type: ignore[typeddict-unknown-key]
