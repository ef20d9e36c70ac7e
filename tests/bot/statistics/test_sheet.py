"""The sheet for the committees: the plan's programmes and years, statutory ones marked, nothing small."""

from __future__ import annotations

from datetime import date

from agency_db.session import open_engine
from agency_db.snapshot import read_directory
from bot.settings import Settings
from bot.statistics.counting import Kind
from bot.statistics.sheet import PROGRAMMES, figures, pdf
from bot.statistics.suppression import total_beside


def test_every_window_of_the_plan_stands_under_its_programme(settings: Settings) -> None:
    directory = read_directory(open_engine(settings.directory_url))
    days = [
        (date(2026, 11, 2), (Kind.OFFERED, "", "湘南台", "backup"), 7),
        (date(2026, 5, 2), (Kind.TALK, "", "", ""), 3),
    ]
    sheet = figures([[], [], [], days], directory, ("―", "―", "―", "88.4%"))
    assert sheet.recorded == (False, False, False, True)
    assert tuple(sheet.programmes) == PROGRAMMES
    lines = {(programme, line.label): line for programme, lines in sheet.programmes.items() for line in lines}
    backup = directory.windows["backup"].short_name
    assert lines["包括的相談支援", backup].years == (0, 0, 0, 7)
    assert lines["多機関協働", backup].statutory
    assert not lines["アウトリーチ", backup].statutory
    assert sheet.summary[0].years == (0, 0, 0, None)
    assert sheet.summary[-1].years[-1] == "88.4%"
    paper = pdf(sheet, date(2026, 11, 24))
    assert paper.startswith(b"%PDF")
    assert len(paper) > 10_000


def test_a_year_does_not_give_a_hidden_quarter_away() -> None:
    assert total_beside([7, 0, 9, 5]) == 21
    assert total_beside([7, 3, 9, 5]) is None
    assert total_beside([7, 3, 2, 5]) == 17
    assert total_beside([4, 4, 0, 5]) is None
