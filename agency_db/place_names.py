"""The gazetteer's entries, read from the packaged CSV files: districts, towns, stations, landmarks, other cities."""

from __future__ import annotations

import csv
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from importlib.resources import files

from agency_db.place_romaji import in_latin_letters
from agency_db.place_text import Folded, to_hiragana
from agency_db.terms import DISTRICTS

#: Readings that are everyday words (「必要なようだ」「かわない」): they count only beside an unmistakable cue.
EVERYDAY_READINGS = frozenset(["いまだ", "ようだ", "かわな"])
#: The one that no cue makes safe (「いまだに住んでいる」): it counts only as an answer to the place question.
NEVER_IN_A_TEXT = "いまだ"
_READINGS_OF_DISTRICTS = {
    "片瀬": "かたせ",
    "鵠沼": "くげぬま",
    "辻堂": "つじどう",
    "村岡": "むらおか",
    "明治": "めいじ",
    "善行": "ぜんぎょう",
    "湘南大庭": "しょうなんおおば",
    "六会": "むつあい",
    "湘南台": "しょうなんだい",
    "遠藤": "えんどう",
    "長後": "ちょうご",
    "御所見": "ごしょみ",
}


@dataclass(frozen=True, slots=True)
class Town:
    """A row of towns.csv. `point` is None where the file's point is shared with other postal codes or coarse."""

    town: str
    base: str
    chome: str
    reading: str
    postal_code: str
    candidates: tuple[str, ...]
    trust: str
    point: tuple[float, float] | None


@dataclass(frozen=True, slots=True)
class Name:
    """A spelling that may stand in a text. `target` is a district, a base town, a landmark or another city.

    `needs_cue`: also a family name or an everyday word (ambiguous_names.csv), it counts only beside a place cue.
    `certain`: False for a short form or a slip of the keyboard (place_spellings.csv), to be confirmed with one tap.
    """

    spelling: str
    target: str
    kind: str
    needs_cue: bool = False
    is_reading: bool = False
    certain: bool = True


@dataclass(frozen=True, slots=True)
class Landmark:
    """A row of landmarks.csv (editorial, trust X).

    `kind`: station, landmark or school (a primary or junior high school: its pupils live near).
    `residential`: people live there or name it for where they live. `town`: where it stands, if offices.csv says so.
    """

    name: str
    kind: str
    candidates: tuple[str, ...]
    residential: bool
    town: str


def rows(name: str) -> Iterator[dict[str, str]]:
    """The rows of a packaged CSV file in agency_db/data."""
    yield from csv.DictReader((files("agency_db") / "data" / name).read_text(encoding="utf-8").splitlines())


def unique(values: Iterable[str]) -> tuple[str, ...]:
    """In order of first appearance, empty ones left out."""
    return tuple(dict.fromkeys(value for value in values if value))


class Names:
    """Every entry of the gazetteer and the regular expressions that find the longest spelling first."""

    def __init__(self) -> None:
        self._needs_cue = frozenset(row["name"] for row in rows("ambiguous_names.csv"))
        self.towns: dict[str, Town] = {}
        self.by_base: dict[str, list[Town]] = defaultdict(list)
        self.by_postal_code: dict[str, list[Town]] = defaultdict(list)
        self.landmarks: dict[str, Landmark] = {}
        self.by_spelling: dict[str, Name] = {}
        for row in rows("towns.csv"):
            self._add_town(row)
        for row in rows("landmarks.csv"):
            self._add_landmark(row)
        for district in DISTRICTS:
            if district != "藤沢":
                self._add(district, district, "district", needs_cue=district in self._needs_cue)
        for spelling in ("藤沢", "藤沢市", "藤沢駅", "ふじさわ", "ふじさわし"):
            self._add(spelling, "藤沢", "fujisawa", is_reading=spelling.startswith("ふ"))
        for row in rows("municipalities.csv"):
            self._add(row["name"], row["name"], "other_city")
            for spelling in (row["short"], *row["aliases"].split("|")):
                self._add(spelling, row["name"], "other_city", needs_cue=row["short_is_clear"] == "no")
        for row in rows("place_spellings.csv"):
            self._add_spelling(row)
        self._readings = self._add_readings()

    def _add_town(self, row: dict[str, str]) -> None:
        town = Town(
            town=row["town"],
            base=row["base_town"],
            chome=row["chome"],
            reading=to_hiragana(row["kana"]),
            postal_code=row["postal_code"],
            candidates=unique((row["district"], *row["district_candidates"].split("|"))),
            trust=row["trust"],
            point=(float(row["lat"]), float(row["lng"])) if row["position"] == "postal code area" else None,
        )
        self.towns[town.town] = town
        self.by_base[town.base].append(town)
        self.by_postal_code[town.postal_code].append(town)
        if town.base != "藤沢":
            self._add(town.base, town.base, "town", needs_cue=town.base in self._needs_cue)

    def _add_landmark(self, row: dict[str, str]) -> None:
        candidates = unique(row["candidates"].split("|"))
        landmark = Landmark(row["name"], row["kind"], candidates, row["residential"] == "yes", row["town"])
        self.landmarks[landmark.name] = landmark
        for spelling in (landmark.name, *row["aliases"].split("|")):
            self._add(spelling, landmark.name, landmark.kind)

    def _add_spelling(self, row: dict[str, str]) -> None:
        target = row["name"]
        landmark = self.landmarks.get(target)
        kind = landmark.kind if landmark else "district" if target in DISTRICTS else "town"
        name = Name(row["spelling"], target, kind, row["needs_cue"] == "yes", certain=row["certain"] == "yes")
        for spelling in (name.spelling, *_variants(name.spelling)):
            self.by_spelling.setdefault(spelling, name)

    def _add_readings(self) -> dict[str, str]:
        readings = {district: _READINGS_OF_DISTRICTS[district] for district in DISTRICTS if district != "藤沢"}
        readings |= {base: towns[0].reading for base, towns in self.by_base.items() if base not in ("藤沢", "本町")}
        for target, reading in readings.items():
            kind = "district" if target in DISTRICTS else "town"
            self._add(reading, target, kind, needs_cue=target in self._needs_cue, is_reading=True)
        return readings

    def matches(self, folded: Folded) -> list[tuple[int, int, Name]]:
        """Every spelling in the text with its range, in order, the longer first where two begin together."""
        found = [*self.written.finditer(folded.text), *self.read.finditer(folded.hiragana)]
        matches = [(match.start(), match.end(), self.by_spelling[match.group()]) for match in found]
        for match in self._latin[0].finditer(folded.text):
            matches.append((match.start(), match.end(), self._latin[1][(match.lastindex or 1) - 1]))
        return sorted(matches, key=lambda match: (match[0], -match[1]))

    def _add(self, spelling: str, target: str, kind: str, *, needs_cue: bool = False, is_reading: bool = False) -> None:
        if spelling and spelling not in self.by_spelling:
            self.by_spelling[spelling] = Name(spelling, target, kind, needs_cue, is_reading)
            for variant in _variants(spelling):
                self.by_spelling.setdefault(variant, Name(variant, target, kind, needs_cue, is_reading))

    @cached_property
    def written(self) -> re.Pattern[str]:
        """Names in kanji (and landmarks in any script), longest first."""
        return _alternation(name for name, entry in self.by_spelling.items() if not entry.is_reading)

    @cached_property
    def read(self) -> re.Pattern[str]:
        """Names by their reading in hiragana, longest first."""
        return _alternation(name for name, entry in self.by_spelling.items() if entry.is_reading)

    @cached_property
    def _latin(self) -> tuple[re.Pattern[str], list[Name]]:
        """Names in Latin letters with the name of each group."""
        readings = sorted(self._readings.items(), key=lambda item: -len(item[1]))
        found = [self.by_spelling[reading] for _, reading in readings]
        names = [replace(n, is_reading=False, needs_cue=n.needs_cue or n.spelling in EVERYDAY_READINGS) for n in found]
        return in_latin_letters(reading for _, reading in readings), names


def _variants(spelling: str) -> Iterator[str]:
    """「藤が岡」「藤ヶ岡」「藤ケ岡」, 「江の島」「江ノ島」「江之島」."""
    for letter, others in (("が", "ヶケガ"), ("の", "ノ之"), ("ノ", "の之")):
        if re.search(rf"[一-龥]{letter}[一-龥]", spelling):
            for other in others:
                yield spelling.replace(letter, other)


def _alternation(spellings: Iterable[str]) -> re.Pattern[str]:
    """The spellings, longest first; the set of first characters spares most positions the long list."""
    ordered = sorted(spellings, key=lambda s: (-len(s), s))
    first = "".join(re.escape(c) for c in sorted({s[0] for s in ordered}))
    return re.compile(f"(?=[{first}])(?:{'|'.join(re.escape(s) for s in ordered)})")
