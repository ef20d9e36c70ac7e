"""The stock assistant's action server: the same lookup and the same amount of answer, served by `rasa run actions`."""

from __future__ import annotations

import os
from datetime import datetime
from functools import lru_cache
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from agency_db.directory import Directory
from agency_db.lookup import AreaScore, Query, look_up
from agency_db.session import open_engine
from agency_db.snapshot import read_directory
from agency_db.terms import TOKYO


@lru_cache(maxsize=1)
def directory() -> Directory:
    return read_directory(open_engine(os.environ["TSUNAGU_DIRECTORY_URL"]))


class RouteAction(Action):
    def name(self) -> str:
        return "action_route"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        area = AreaScore(tracker.latest_message["intent"]["name"], 1.0, ())
        triage = look_up(directory(), Query((area,), datetime.now(TOKYO))).as_dict()
        names = "、".join(window["name"] for window in triage["windows"])
        dispatcher.utter_message(text=f"{names}へどうぞ。")
        dispatcher.utter_message(json_message={"triage": triage})
        return [SlotSet("triage", triage)]
