"""Which windows are right for a sentence: the routing table read by the labels instead of by a model."""

from __future__ import annotations

from collections.abc import Sequence

from agency_db.directory import Directory
from agency_db.routing import ENTRANCE, LIVELIHOOD_COORDINATOR, NORTHERN_ENTRANCE, is_multi_agency
from bot.evaluation.heldout import CALM, Sentence

_COORDINATORS = frozenset({ENTRANCE, NORTHERN_ENTRANCE, LIVELIHOOD_COORDINATOR})
_EMERGENCY = "emergency"


class Guide:
    """The yardstick for windows, and the areas' labels.

    A window is right when the routing table gives it, under whatever condition, to one of the labelled areas.
    Two entries at the front of an answer are passed over before the first window is judged, because the contract
    puts them there for reasons of their own: `emergency` where the sentence is labelled a crisis, and a coordinator
    (backup, fukushi_sogo, hokubu_sogo) that serves none of the labelled areas where these areas call for several
    agencies. Where the labels do not call for them, both count as wrong windows.
    """

    def __init__(self, directory: Directory) -> None:
        """Keep the snapshot."""
        self._directory = directory
        self.labels = {area.id: area.label for area in directory.areas.values()}

    def right(self, areas: Sequence[str]) -> frozenset[str]:
        """The right windows for labelled areas."""
        return frozenset(step.window for area in areas for step in self._directory.routes.get(area, ()))

    def judged(self, sentence: Sentence, windows: Sequence[str]) -> list[bool]:
        """For each window of an answer, front entries passed over, whether it is right; best first."""
        areas = sentence.areas or ()
        right = self.right(areas)
        left = list(windows)
        if sentence.crisis != CALM and left[:1] == [_EMERGENCY]:
            del left[0]
        if left and left[0] in _COORDINATORS - right and is_multi_agency(self._directory, areas):
            del left[0]
        return [window in right for window in left]
