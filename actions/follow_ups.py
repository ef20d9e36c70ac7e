"""Questions about what was just named: phone, hours, nearby engawa, other windows."""

from __future__ import annotations

from dataclasses import replace

from actions import place_questions
from actions.context import directory
from actions.heard import Heard
from actions.memory import JSON, NOTHING, Memory
from actions.phrases import AFTER_ROUTE, SWITCHBOARD, hours_line, phone_line, window_name
from actions.replies import Reply, say
from actions.triage import assess
from actions.turns import TurnAction
from actions.worry import clarify, route
from agency_db.lookup import AreaScore
from agency_db.places import Place
from agency_db.routing import MOST_WINDOWS

_NAMED_AT_ONCE = 3
# Half an hour on foot for most people.
_NEAR_M = 2000


def spoken_of(heard: Heard, memory: Memory) -> tuple[JSON, Memory]:
    """The triage that the question is about, as of now (open or closed may have changed, a place may have come)."""
    memory = replace(memory, place=heard.place or memory.place, pending=NOTHING)
    triage = assess(memory, heard.at, heard.audience).triage
    return triage, replace(memory, triage=triage)


class PhoneAction(TurnAction):
    """「電話番号は?」"""

    action_name = "action_phone"

    def answer(self, heard: Heard, memory: Memory) -> tuple[Reply, Memory]:
        """The phone of each window named, with what to say."""
        triage, memory = spoken_of(heard, memory)
        lines = [phone_line(window) for window in triage["windows"][:_NAMED_AT_ONCE]]
        return Reply("phone", (say("\n".join(lines), *AFTER_ROUTE[1:]),), triage), memory


class HoursAction(TurnAction):
    """「今日やってる?」"""

    action_name = "action_hours"

    def answer(self, heard: Heard, memory: Memory) -> tuple[Reply, Memory]:
        """Open, closed until when, or not registered, for each window named."""
        triage, memory = spoken_of(heard, memory)
        lines = [hours_line(window) for window in triage["windows"][:_NAMED_AT_ONCE]]
        return Reply("hours", (say("\n".join(lines), AFTER_ROUTE[0], *AFTER_ROUTE[2:]),), triage), memory


class OtherWindowsAction(TurnAction):
    """「ほかには?」"""

    action_name = "action_other_windows"

    def answer(self, heard: Heard, memory: Memory) -> tuple[Reply, Memory]:
        """Windows not named yet come first; when there are none left, the centre that takes everything."""
        if not memory.worries and memory.crisis == "none":
            return clarify(heard, memory)
        triage, memory = spoken_of(heard, memory)
        windows = triage["windows"]
        # Every message names the first three: those behind them are the other ones.
        others = [w for w in windows[_NAMED_AT_ONCE:] if w["id"] != "emergency"]
        anyone = assess(
            replace(memory, worries=(AreaScore("unsure", 1.0, ()),), crisis="none"), heard.at, heard.audience
        )
        known = {w["id"] for w in windows}
        others += [w for w in anyone.triage["windows"] if w["id"] not in known]
        if not others:
            others = [w for w in windows[1:] if w["id"] != "emergency"]
        emergency = [w for w in windows if w["id"] == "emergency"]
        fresh = {w["id"] for w in others}
        ordered = [*emergency, *others, *(w for w in windows if w["id"] not in fresh and w["id"] != "emergency")]
        triage = triage | {"windows": ordered[:MOST_WINDOWS]}
        names = "".join(window_name(w) for w in others)
        text = f"ほかには{names}があります。どこに話しても、必要なところへつないでもらえます。"
        memory = replace(memory, triage=triage, offered=memory.offered + tuple(w["id"] for w in others))
        return Reply("other_window", (say(text, *AFTER_ROUTE[:3]),), triage), memory


class EngawaAction(TurnAction):
    """「近くの縁側は?」"""

    action_name = "action_engawa"

    def answer(self, heard: Heard, memory: Memory) -> tuple[Reply, Memory]:
        """Engawa near the place; without a place, ask for it first."""
        memory = replace(memory, place=heard.place or memory.place)
        if memory.place is None:
            triage = assess(memory, heard.at, heard.audience).triage
            memory = replace(memory, triage=triage, pending="engawa_place")
            return Reply("ask_place", (place_questions.where_is_it_near(),), triage), memory
        return nearby(heard, memory)


def nearby(heard: Heard, memory: Memory) -> tuple[Reply, Memory]:
    """The engawa near the place, and honestly how many of the city's are registered here."""
    triage, memory = spoken_of(heard, memory)
    registered = len(directory().windows["engawa"].offices.items)
    honest = f"市内の「地域の縁側」は39か所あります。ここに登録されているのは、そのうち{registered}か所です。"
    near = [engawa for engawa in triage["engawa"] if is_near(engawa, memory.place)]
    # Addresses and days stand on the cards: here the names are enough.
    names = "".join(f"「{engawa['name']}」" for engawa in near or triage["engawa"])
    if near:
        text = f"近くの「地域の縁側」は{names}です。だれでも気軽に立ち寄れます。"
    elif names:
        text = f"近くのものは、まだここに登録されていません。少し離れたところには{names}があります。"
    else:
        text = (
            "近くの「地域の縁側」は、まだここに登録されていません。"
            f"市役所 {SWITCHBOARD} で「地域の縁側の場所を知りたい」と聞いてみてください。"
        )
    messages = [say(text), say(honest)]
    place = memory.place
    if place is not None and place.district is None and place.candidates:
        question, pending = place_questions.which_district(place)
        messages.append(question)
        memory = replace(memory, pending="engawa_place" if pending == "place" else pending)
    return Reply("engawa", tuple(messages), triage), memory


def is_near(engawa: JSON, place: Place | None) -> bool:
    """Within a walk or a short ride, or in the same district where no distance is known."""
    if engawa["distance_m"] is not None:
        return bool(engawa["distance_m"] <= _NEAR_M)
    return place is not None and engawa["district"] in place.candidates


class PlaceAction(TurnAction):
    """A place was told: the answer to our question, or out of the blue."""

    action_name = "action_place"

    def answer(self, heard: Heard, memory: Memory) -> tuple[Reply, Memory]:
        """Do what was asked for, now with the place."""
        pending = memory.pending
        memory = replace(memory, place=heard.place or memory.place)
        if pending == "engawa_place":
            return nearby(heard, memory)
        if memory.worries:
            return route(heard, memory, "route")
        return clarify(heard, memory)


class AffirmAction(TurnAction):
    """「はい」: the one candidate becomes the district; a yes to anything else needs a word more."""

    action_name = "action_affirm"

    def answer(self, heard: Heard, memory: Memory) -> tuple[Reply, Memory]:
        """Take the yes for what was asked."""
        place = memory.place
        if memory.pending == "confirm_place" and place is not None and len(place.candidates) == 1:
            memory = replace(memory, place=replace(place, district=place.candidates[0], confirm=False))
            return PlaceAction().answer(heard, memory)
        return clarify(heard, memory)


class SkipAction(TurnAction):
    """「今は言わない」: the place stays unsaid, and the answer goes on without it."""

    action_name = "action_skip"

    def answer(self, heard: Heard, memory: Memory) -> tuple[Reply, Memory]:
        """Go on without a district; an unconfirmed one is forgotten."""
        if memory.pending == "confirm_place":
            memory = replace(memory, place=None)
        if memory.pending == "engawa_place":
            triage, memory = spoken_of(heard, memory)
            text = (
                f"わかりました。「地域の縁側」の場所は、市役所 {SWITCHBOARD} で"
                "「地域の縁側の場所を知りたい」と言えば教えてもらえます。"
                "どこに住んでいるかは、言いたくなったときで大丈夫です。"
            )
            return Reply("engawa", (say(text),), triage), memory
        if memory.worries and memory.pending != "worry":
            return route(heard, replace(memory, pending=NOTHING), "route")
        return clarify(heard, memory)


class DenyAction(TurnAction):
    """「いいえ」「どれもちがう」: no to a question about the place skips it, any other no is asked about."""

    action_name = "action_deny"

    def answer(self, heard: Heard, memory: Memory) -> tuple[Reply, Memory]:
        """Take the no for what was asked."""
        if memory.pending in {"place", "engawa_place", "confirm_place"}:
            return SkipAction().answer(heard, memory)
        return clarify(heard, memory)
