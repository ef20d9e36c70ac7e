"""The first number shown in a crisis is the right one, answers now and costs nothing."""

from __future__ import annotations

from datetime import datetime
from importlib import resources

import pytest

from bot.safety.crisis import PRIORITY
from bot.safety.hotlines import lines_for, load, parse

# A Tuesday afternoon, the night before it, and the 10th in the morning.
AFTERNOON = datetime(2026, 11, 24, 17, 0)
NIGHT = datetime(2026, 11, 24, 3, 0)
TENTH = datetime(2026, 11, 10, 9, 0)

TEXT = resources.files("bot.safety").joinpath("data/hotlines.csv").read_text(encoding="utf-8")


def ids(crisis: str, areas: list[str], at: datetime = AFTERNOON) -> list[str]:
    """The ids of the lines, best first."""
    return [line.id for line in lines_for(crisis, areas, at)]


def test_an_emergency_of_the_body_calls_the_ambulance_first() -> None:
    """119, then where to ask when in doubt; the children's line at night only and only for a child."""
    assert ids("medical_emergency", []) == ["119", "7119", "anshin24"]
    assert ids("medical_emergency", ["maternity"], NIGHT) == ["119", "8000", "7119", "anshin24"]
    assert ids("medical_emergency", ["maternity"], AFTERNOON) == ["119", "7119", "anshin24"]


def test_after_an_overdose_somebody_to_talk_to_follows_the_ambulance() -> None:
    """「薬を全部飲んだ」: 119 first, よりそいホットライン after it."""
    assert ids("medical_emergency", ["suicide"])[0] == "119"
    assert ids("medical_emergency", ["suicide"])[-1] == "yorisoi"


def test_violence_calls_the_police_first() -> None:
    """110, then the lines for victims of a partner, then the one for sexual violence."""
    found = ids("violence", ["domestic_violence"])
    assert found[:2] == ["110", "dv-plus"]
    assert found.index("dv-plus-chat") < found.index("8891") < found.index("kanagawa-dv-women")
    assert "dv-plus-chat" not in ids("violence", ["domestic_violence"], NIGHT)


def test_violence_in_an_old_persons_home_does_not_offer_lines_for_couples() -> None:
    """A son who hits his old mother: 110 and no line for partners."""
    assert ids("violence", ["elder_abuse"]) == ["110", "8891", "9110"]


def test_suicide_gets_a_voice_at_any_hour() -> None:
    """よりそいホットライン always; いのちの電話 in its hours only; lines of unknown hours at the end."""
    assert ids("suicide", [], NIGHT) == ["yorisoi", "inochi-sos", "kokoro-toitsu"]
    assert ids("suicide", [], AFTERNOON) == ["yorisoi", "inochi-free", "inochi-sos", "kokoro-toitsu"]
    assert ids("suicide", [], TENTH)[1] == "inochi-free"


def test_a_child_who_wants_to_die_gets_the_childrens_lines_too() -> None:
    """With school among the areas 24時間子供SOS and, in its hours, チャイルドライン."""
    assert ids("suicide", ["suicide", "school"])[:3] == ["yorisoi", "sos24", "childline"]
    assert "childline" not in ids("suicide", ["suicide", "school"], NIGHT)


def test_a_parent_afraid_of_hitting_the_child_does_not_see_the_police_first() -> None:
    """189 first, 110 behind it."""
    assert ids("abuse", ["child_abuse", "parenting"])[:2] == ["189", "110"]
    assert ids("abuse", ["parenting"])[0] == "189"
    assert ids("abuse", [])[0] == "189"


@pytest.mark.parametrize("areas", [["elder_abuse"], ["disability"], ["elder_abuse", "double_care", "parenting"]])
def test_for_old_or_disabled_people_the_police_is_the_only_line(areas: list[str]) -> None:
    """There is no hotline for them in the directory, and no children's line is passed off as one."""
    assert ids("abuse", areas) == ["110"]


@pytest.mark.parametrize("crisis", PRIORITY)
@pytest.mark.parametrize("hour", range(24))
@pytest.mark.parametrize("areas", [[], ["child_abuse"], ["domestic_violence"], ["elder_abuse"], ["suicide", "school"]])
def test_the_first_line_is_a_free_telephone_that_answers_now(crisis: str, hour: int, areas: list[str]) -> None:
    """At every hour, New Year's morning included; nobody is sent to a closed line."""
    at = datetime(2027, 1, 1, hour, 30)
    lines = lines_for(crisis, areas, at)
    assert lines[0].channel == "tel"
    assert lines[0].free
    assert lines[0].open_at(at) == "open"
    assert all(line.trust in ("A", "B") and line.open_at(at) != "closed" for line in lines)
    unknown = [line.open_at(at) == "unknown" for line in lines]
    assert unknown == sorted(unknown)
    assert len({line.id for line in lines}) == len(lines)


def test_no_such_crisis() -> None:
    """「none」 is not a crisis to find lines for."""
    with pytest.raises(ValueError, match="none"):
        lines_for("none", [], AFTERNOON)


def test_all_rows_of_the_file_are_read() -> None:
    """26 lines with unique ids, each with its source (119 is the national number)."""
    assert len(load()) == 26
    assert len({line.id for line in load()}) == 26
    assert all(line.source for line in load())


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("daily 16:00-21:00; day10 08:00-32:00", "every day 16-21"),
        (",0120-279-338,", ",0120-279-33八,"),
        (",https://soudanplus.jp,", ",soudanplus.jp,"),
        ("yorisoi,よりそいホットライン,tel", "yorisoi,よりそいホットライン,fax"),
        ("24時間365日,free", "24時間365日,gratis"),
        ("inochi-sos,", "yorisoi,"),
        ("suicide,A,https://www.city.akiruno", "suicide,D,https://www.city.akiruno"),
        ("id,name,channel", "id,title,channel"),
    ],
)
def test_a_row_that_cannot_be_read_is_an_error_at_load(right: str, wrong: str) -> None:
    """A slip in the file is noticed when the service starts, not by somebody who calls a wrong number."""
    assert right in TEXT
    with pytest.raises(ValueError, match=r"hotlines\.csv"):
        list(parse(TEXT.replace(right, wrong, 1)))


def test_a_row_cut_short_is_an_error_at_load() -> None:
    """A row with too few cells is not half read."""
    with pytest.raises(ValueError, match=r"hotlines\.csv"):
        list(parse(TEXT + "extra,短い行,tel\n"))
