"""What counting and its tables take from the directory."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from agency_db.directory import Directory
from agency_db.routing import is_multi_agency
from bot.statistics.counting import City
from bot.statistics.tables import Names

_ENGAWA: Final = "engawa"
_CRISES: Final = {
    "suicide": "自殺のおそれ",
    "violence": "暴力",
    "abuse": "虐待",
    "medical_emergency": "救急",
}


def city_of(directory: Directory | None) -> City:
    """The rules and places of the directory as it is now; None: it cannot be read, and nothing is known."""
    if directory is None:
        return City(lambda _: False, lambda _: False)
    offices = directory.windows[_ENGAWA].offices.items if _ENGAWA in directory.windows else ()
    districts = {office.located_in for office in offices if office.fact.shown_to("resident")}

    def is_complex(areas: Sequence[str]) -> bool:
        return is_multi_agency(directory, areas)

    return City(is_complex, lambda district: district in districts)


def names_of(directory: Directory | None) -> Names:
    """What areas and windows are called now; None: it cannot be read, ids must do."""
    if directory is None:
        return Names({}, {}, _CRISES)
    return Names(
        areas={area.id: area.label for area in directory.areas.values()},
        windows={window.id: window.short_name for window in directory.windows.values()},
        crises=_CRISES,
    )
