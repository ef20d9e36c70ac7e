"""What the review pages work with: the log, the training sentences, and the words for areas and windows."""

from __future__ import annotations

import csv
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final

from aiohttp import web
from sqlalchemy import Engine

from agency_db.cache import DirectoryCache, DirectoryUnavailable
from bot.learning.conversations import Conversations
from bot.learning.examples import Examples, Sources
from bot.learning.review_marks import ReviewMarks
from bot.learning.similar import TrainingSentences
from bot.settings import PROJECT, TOKYO, Settings

#: Kinds of a crisis (contract) in plain words.
CRISES: Final = {
    "none": "なし",
    "medical_emergency": "いのちの危険（病気・けが）",
    "violence": "暴力",
    "suicide": "自殺・自傷",
    "abuse": "虐待",
}


@dataclass(frozen=True)
class ReviewRoom:
    """One for an application; everything in it is safe to share between threads."""

    log: Engine
    conversations: Conversations
    marks: ReviewMarks
    trained: TrainingSentences
    examples: Examples
    directory: DirectoryCache

    @classmethod
    def of(cls, settings: Settings, log: Engine, directory: Engine) -> ReviewRoom:
        """`log`, `directory`: the two databases. Nothing is read yet."""
        reviewed = settings.data / "nlu" / "reviewed.yml"
        trained = TrainingSentences(PROJECT / "data" / "nlu", reviewed)
        examples = Examples(log, reviewed, Sources(trained, PROJECT / "tests" / "heldout"))
        return cls(log, Conversations(log, TOKYO), ReviewMarks(log), trained, examples, DirectoryCache(directory))

    def warm_up(self) -> None:
        """Read the training sentences in the background: whoever reads the list opens a conversation next."""
        if not self.trained.ready:
            threading.Thread(target=self.trained.closeness, args=("",), daemon=True).start()

    def areas(self) -> Mapping[str, str]:
        """Labels of the issue areas by id. Blocking."""
        try:
            return {area.id: area.label for area in self.directory.get().areas.values()}
        except DirectoryUnavailable:
            return _packaged("areas.csv", "label")

    def windows(self) -> Mapping[str, str]:
        """Names of the windows by id. Blocking."""
        try:
            return {window.id: window.short_name for window in self.directory.get().windows.values()}
        except DirectoryUnavailable:
            return _packaged("windows.csv", "name")


ROOM: Final = web.AppKey("review_room", ReviewRoom)


@cache
def _packaged(file: str, column: str) -> Mapping[str, str]:
    """The ids never change; without a directory the words that it was seeded with have to do."""
    with files("agency_db").joinpath("data", file).open(encoding="utf-8") as lines:
        return {row["id"]: row[column] for row in csv.DictReader(lines)}
