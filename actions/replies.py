"""A reply as the contract has it, and how it leaves through Rasa's dispatcher."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.heard import Heard
from actions.memory import Memory
from bot.safety import crisis_reply

JSON = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Reply:
    """`messages` are (text, buttons); a button is (title, sentence that is sent when pressed)."""

    kind: str
    messages: tuple[tuple[str, tuple[tuple[str, str], ...]], ...]
    triage: JSON | None


def say(text: str, *buttons: tuple[str, str]) -> tuple[str, tuple[tuple[str, str], ...]]:
    """One message with its buttons."""
    return text, buttons


def respond(dispatcher: CollectingDispatcher, reply: Reply, memory: Memory, heard: Heard) -> list[EventType]:
    """Utter the reply (texts and buttons for any Rasa channel, kind and triage as custom data) and set the slots.

    After a crisis the hotlines stay on top of every reply until the resident starts over (contract).
    """
    if memory.crisis != "none" and reply.kind != "crisis":
        areas = [worry.id for worry in memory.worries]
        reminder = crisis_reply.messages(memory.crisis, areas, heard.at, heard.text)[0]
        dispatcher.utter_message(text=reminder["text"], buttons=[])
    for text, buttons in reply.messages:
        dispatcher.utter_message(text=text, buttons=[{"title": title, "payload": words} for title, words in buttons])
    outcome: JSON = {"kind": reply.kind, "triage": reply.triage}
    if heard.audience == "staff":
        outcome["understood"] = {"situation": sorted(heard.situation), "likely": list(heard.likely)}
    dispatcher.utter_message(json_message=outcome)
    return [SlotSet(name, value) for name, value in memory.to_slots().items()]
