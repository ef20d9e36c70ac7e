"""Where somebody lives, read from their own words: districts, towns, postal codes, stations, landmarks, positions.

The gazetteer gives candidates, not guesses (contract, `place`): `district` only when it is certain, a town that belongs
to several districts (trust X) gives them all, a town of trust C gives one to be confirmed with one tap.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, Literal

from agency_db import place_cues as cues
from agency_db.geo import distances_m
from agency_db.place_names import EVERYDAY_READINGS, NEVER_IN_A_TEXT, Name, Names, Town, unique
from agency_db.place_text import CHOME, LOT, POSTAL, Folded, chome_name, fold, in_digits
from agency_db.terms import DISTRICTS, NORTH

PlaceKind = Literal["district", "town", "postal", "station", "landmark", "position"]

_OF_DISTRICT = re.compile(r"\s?(?:地区|ちく|市民センター|しみんせんたー|公民館|こうみんかん)")
_POSITION = re.compile(r"^\s*(-?\d{1,2}(?:\.\d+)?)\s*[,、\s]\s*(-?\d{1,3}(?:\.\d+)?)\s*$")
_SHORT_ANSWER = 14
_CORRECTION_GAP = 10
_NEARBY_M = 1500


@dataclass(frozen=True, slots=True)
class Place:
    """Where the person who needs help lives.

    `position` is (latitude, longitude) in degrees, None where only a shared point is known. `confirm`: one candidate,
    not yet certain. `words`: what was written.
    """

    district: str | None
    town: str | None
    candidates: tuple[str, ...]
    position: tuple[float, float] | None
    confirm: bool
    words: str
    kind: PlaceKind

    @property
    def in_north(self) -> bool:
        """True when every district that the place may lie in belongs to 北部福祉総合相談室."""
        return bool(self.candidates) and set(self.candidates) <= NORTH

    def as_dict(self) -> dict[str, Any]:
        """The contract's `place` object."""
        return {"district": self.district, "town": self.town, "candidates": list(self.candidates)}


@dataclass(frozen=True, slots=True)
class Found:
    """`spans`: ranges of all place words in the text as sent. `other_city`: a city where somebody lives."""

    place: Place | None
    spans: tuple[tuple[int, int], ...]
    other_city: str | None


@dataclass(frozen=True, slots=True)
class _Mention:
    name: Name
    start: int
    end: int
    place: Place | None
    weight: int


class Gazetteer:
    """Finds places in free text and resolves short answers. Immutable; share one instance."""

    def __init__(self, names: Names) -> None:
        self._names = names

    @classmethod
    def load(cls) -> Gazetteer:
        """Read the packaged CSV files (once a process)."""
        return _loaded()

    def town_names(self) -> tuple[str, ...]:
        """All towns of the city as written in towns.csv, for a field that completes what is typed."""
        return tuple(self._names.towns)

    def find(self, text: str) -> Found:
        """The place of the person who needs help, all place words, and another city if somebody lives there."""
        folded = fold(text)
        mentions = self._mentions(folded, lenient=False)
        spans = sorted(folded.span(m.start, m.end) for m in mentions)
        other_city = next((m.name.target for m in mentions if m.name.kind == "other_city" and m.weight > 0), None)
        postal = self._postal(folded.text)
        return Found(
            place=_best(mentions, postal),
            spans=tuple(spans),
            other_city=other_city,
        )

    def resolve(self, value: str) -> Place | None:
        """Read an answer to the place question or a form field: a name, a postal code, or "lat,lng"."""
        folded = fold(value.strip())
        if position := _POSITION.match(folded.text):
            return self._at((float(position.group(1)), float(position.group(2))), value.strip())
        postal = self._postal(folded.text)
        return _best(self._mentions(folded, lenient=False), postal) or _best(
            self._mentions(folded, lenient=True), postal
        )

    def town_of_address(self, address: str) -> Town | None:
        """The town a street address lies in (「藤沢市湘南台1-8」 → 湘南台一丁目), None when the address names none."""
        towns = self._towns_of_address(address)
        return towns[0] if len(towns) == 1 else None

    def point_of_address(self, address: str) -> tuple[float, float] | None:
        """(latitude, longitude) of the address's town; None where the file's point is shared or coarse."""
        points = {town.point for town in self._towns_of_address(address)}
        return points.pop() if len(points) == 1 else None

    def _towns_of_address(self, address: str) -> list[Town]:
        text = fold(address).text
        for found in self._names.written.finditer(text):
            name = self._names.by_spelling[found.group()]
            if name.kind == "landmark" and (town := self._names.landmarks[name.target].town):
                return [self._names.towns[town]]
            towns = self._names.by_base.get(name.target, [])
            if not towns or found.group() in ("藤沢市", "藤沢駅"):
                continue
            after = text[found.end() :]
            chome = CHOME.match(after)
            wanted = chome_name(chome.group(1)) if chome else ""
            exact = [town for town in towns if town.chome == wanted]
            if exact or LOT.match(after) is None:
                return exact or towns
        return []

    def _mentions(self, folded: Folded, *, lenient: bool) -> list[_Mention]:
        mentions: list[_Mention] = []
        taken = 0
        for start, end, name in self._names.matches(folded):
            if start < taken or (mentions and self._is_of_other_city(mentions[-1], folded.text[taken:start])):
                continue
            corrects = bool(mentions) and start - taken <= _CORRECTION_GAP
            mention = self._mention(folded, name, start, end, lenient=lenient, corrects=corrects)
            if mention is not None:
                mentions.append(mention)
                taken = mention.end
        return mentions

    def _mention(
        self, folded: Folded, name: Name, start: int, end: int, *, lenient: bool, corrects: bool
    ) -> _Mention | None:
        text = folded.text
        before = text[max(0, start - cues.WINDOW) : start]
        after = cues.without_reading(text[end : end + cues.WINDOW])
        if name.kind == "other_city":
            return self._other_city(name, start, end, before, after)
        if name.kind not in ("station", "landmark", "school") and (
            cues.is_person(after) or cues.is_word(name.target, before, after) or cues.is_named(before, after)
        ):
            return None
        if name.is_reading and not lenient:
            unlikely = name.needs_cue or name.spelling in EVERYDAY_READINGS
            if not cues.is_kana_word(folded.hiragana[max(0, start - cues.WINDOW) : start], after, strong=unlikely):
                return None
            if name.spelling == NEVER_IN_A_TEXT:
                return None
        elif name.needs_cue and not lenient:
            whole = corrects or (len(text) <= _SHORT_ANSWER and start <= 6)
            if not cues.is_place(before, after, whole=whole, numbered=CHOME.match(after) is not None):
                return None
        elif cues.is_elsewhere_prefix(before) and name.kind in ("district", "town"):
            return None
        place, length = self._place(name, text[start:end], after)
        if place is not None and not name.certain:
            place = replace(place, district=None, confirm=len(place.candidates) == 1)
        rest = after[length:]
        if not lenient and not (self._is_lived_at(name, after) and cues.is_home(rest)):
            place = None
        return _Mention(name, start, end + length, place, cues.weight(before, rest))

    def _is_lived_at(self, name: Name, after: str) -> bool:
        landmark = self._names.landmarks.get(name.target)
        if landmark is None or landmark.residential or cues.is_near(after):
            return True
        return landmark.kind == "school" and cues.is_school_of_child(after)

    @staticmethod
    def _is_of_other_city(last: _Mention, between: str) -> bool:
        """True for a town of another city (「岐阜の大庭」)."""
        return last.name.kind == "other_city" and between in ("の", "市の", "県の")

    def _other_city(self, name: Name, start: int, end: int, before: str, after: str) -> _Mention | None:
        lives_there = cues.is_other_city_home(before, after) and cues.is_home(after)
        clear = not name.needs_cue and not cues.is_person(after)
        if not lives_there and not clear:
            return None
        return _Mention(name, start, end, None, 1 if lives_there else 0)

    def _place(self, name: Name, words: str, after: str) -> tuple[Place | None, int]:
        """The place a name stands for, and how many characters after it belong to it (地区, 丁目)."""
        if name.kind in ("station", "landmark", "school"):
            landmark = self._names.landmarks[name.target]
            kind: PlaceKind = "station" if landmark.kind == "station" else "landmark"
            one = len(landmark.candidates) == 1
            return Place(None, None, landmark.candidates, None, one, words, kind), 0
        if (suffix := _OF_DISTRICT.match(after)) and name.target in DISTRICTS and words not in ("藤沢市", "藤沢駅"):
            return _district(name.target, words + suffix.group()), suffix.end()
        towns = self._names.by_base.get(name.target, [])
        if chome := CHOME.match(after):
            exact = next((t for t in towns if t.chome == chome_name(chome.group(1))), None)
            if exact is not None:
                return _of_towns([exact], words + chome.group(), "town"), chome.end()
        if name.kind == "fujisawa":
            if words in ("藤沢", "ふじさわ") and LOT.match(after):
                return _of_towns([t for t in towns if not t.chome], words, "town"), 0
            return None, 0
        undivided = [t for t in towns if not t.chome]
        if name.target in DISTRICTS and not any(t.trust == "X" for t in undivided):
            return _district(name.target, words), 0
        return _of_towns(undivided or towns, words, "town"), 0

    def _postal(self, text: str) -> Place | None:
        for found in POSTAL.finditer(in_digits(text)):
            towns = self._names.by_postal_code.get(found.group(1) + found.group(2))
            if towns:
                return _of_towns(towns, text[found.start() : found.end()], "postal")
        return None

    def _at(self, position: tuple[float, float], words: str) -> Place | None:
        latitude, longitude = position
        if not (20 <= latitude <= 46 and 122 <= longitude <= 154):
            return None
        known = [t for t in self._names.towns.values() if t.point is not None]
        distances = distances_m(position, [t.point for t in known])
        near = sorted((d, t.candidates) for d, t in zip(distances.tolist(), known, strict=True) if d <= _NEARBY_M)
        points = list(dict.fromkeys(candidates for _, candidates in near))[:3]
        candidates = unique(district for group in points for district in group)
        return Place(None, None, candidates, position, len(candidates) == 1, words, "position")


@lru_cache(maxsize=1)
def _loaded() -> Gazetteer:
    return Gazetteer(Names())


def _district(district: str, words: str) -> Place:
    return Place(district, None, (district,), None, False, words, "district")


def _of_towns(towns: list[Town], words: str, kind: PlaceKind) -> Place:
    """One place for one or several rows of towns.csv: certain only when every row agrees with trust A or B."""
    candidates = unique(district for town in towns for district in town.candidates)
    certain = len(candidates) == 1 and all(t.trust in ("A", "B") for t in towns)
    points = {t.point for t in towns}
    return Place(
        district=candidates[0] if certain else None,
        town=towns[0].town if len(towns) == 1 else None,
        candidates=candidates,
        position=points.pop() if len(points) == 1 else None,
        confirm=len(candidates) == 1 and not certain,
        words=words,
        kind=kind,
    )


def _best(mentions: list[_Mention], postal: Place | None) -> Place | None:
    """The mention most tied to the person in need; one left open is narrowed by a second word for the same place."""
    placed = [m for m in mentions if m.place is not None]
    if not placed:
        return postal
    top = max(m.weight for m in placed)
    tied = [m.place for m in placed if m.weight == top and m.place is not None]
    best = next((p for p in tied if p.town), None) or next((p for p in tied if p.district), None) or tied[0]
    named = next((p for p in tied if p.district and p.district in best.candidates), None)
    if best.district is None and named is not None:
        return replace(best, district=named.district, candidates=named.candidates, confirm=False)
    if postal is not None and top <= 0 and best.town is None:
        return postal if best.district is None else best
    return best
