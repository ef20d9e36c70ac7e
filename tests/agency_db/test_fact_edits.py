"""Facts that staff confirm and correct: residents see what was confirmed, no edit is lost, all can be undone."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import inspect
from sqlalchemy.orm import Session

from agency_db.cache import DirectoryCache
from agency_db.changes import Editor, NoSuchChange, Overtaken, changes, undo
from agency_db.check import check
from agency_db.fact_edits import Correction, EditRefused, FactId, NoSuchFact, confirm, correct, number
from agency_db.lookup import AreaScore, Query, look_up
from agency_db.models import Address, Base, Phone, ServiceAtLocation
from agency_db.snapshot import read_directory, read_revision
from tests.agency_db.conftest import AOKI, AT, CITY, INOUE, TUESDAY
from tests.clock import Clock

#: 保育コンシェルジュ's number and 市民センター's address: trust C in the packaged data.
HOIKU = FactId("phone", "hoiku_concierge.hoiku-concierge.voice")
HOIKU_NUMBER = "0466-50-3526"


def shown(engine, *areas, place=None, at=TUESDAY):
    """The windows of a resident's answer by id."""
    triage = look_up(read_directory(engine), Query(tuple(AreaScore(area, 0.9, ()) for area in areas), at, place))
    return {window["id"]: window for window in triage.windows}


def rows_of(engine):
    """Every row of the directory except the record of changes and the revision."""
    tables = [m.class_ for m in Base.registry.mappers if m.class_.__tablename__ not in ("directory_change",)]
    with Session(engine) as session:
        return {
            (table.__tablename__, str(inspect(row).identity)): [
                getattr(row, column.key) for column in inspect(row).mapper.column_attrs
            ]
            for table in tables
            if table.__tablename__ != "directory_revision"
            for row in session.query(table)
        }


def test_an_unconfirmed_number_is_shown_to_residents_once_a_member_of_staff_confirms_it(seeded):
    """Without a restart: the engine's snapshot is read again because the revision grew."""
    clock = Clock()
    cache = DirectoryCache(seeded, clock=clock)
    area = next(a for a, steps in cache.get().routes.items() if steps[0].window == "hoiku_concierge")
    query = Query((AreaScore(area, 0.9, ()),), TUESDAY)
    assert HOIKU_NUMBER not in str(look_up(cache.get(), query).windows)
    confirm(seeded, HOIKU, HOIKU_NUMBER, AOKI, AT)
    clock.now += 1.1
    window = look_up(cache.get(), query).windows[0]
    assert (window["phone"], window["trust"], window["verified_on"]) == (HOIKU_NUMBER, "C", "2026-11-24")
    assert "青木" not in str(window)
    assert check(seeded) == []


def test_who_confirmed_and_when_is_kept_in_japanese_time(seeded):
    confirm(seeded, HOIKU, HOIKU_NUMBER, AOKI, datetime(2026, 11, 24, 16, 0, tzinfo=UTC))
    with Session(seeded) as session:
        phone = session.get(Phone, HOIKU.key)
    assert (phone.verified_on, phone.verified_by) == (date(2026, 11, 25), "窓口の 青木")


def test_confirming_the_number_does_not_show_the_address_that_nobody_confirmed(seeded):
    with Session(seeded) as session:
        assert session.get(ServiceAtLocation, "hoiku_concierge.hoiku-concierge").trust == "C"
    confirm(seeded, HOIKU, HOIKU_NUMBER, AOKI, AT)
    office = read_directory(seeded).windows["hoiku_concierge"].offices.items[0]
    assert office.fact.shown_to("resident")
    assert not office.address_fact.shown_to("resident")


def test_a_confirmed_place_nearby_keeps_its_unconfirmed_hours_to_itself(seeded, gazetteer):
    confirm(seeded, FactId("address", "engawa.engawa-fujigaya"), "藤沢市鵠沼藤が谷2-11-32 (市民の家)", AOKI, AT)
    place = gazetteer.resolve("鵠沼地区")
    triage = look_up(read_directory(seeded), Query((AreaScore("isolation", 0.9, ()),), TUESDAY, place))
    found = {one["id"]: one for one in triage.engawa}["engawa-fujigaya"]
    assert found["address"] == "藤沢市鵠沼藤が谷2-11-32 (市民の家)"
    assert found["open_days"] is None
    assert found["open"] == "unknown"


def test_a_confirmed_number_goes_before_one_that_only_a_document_names(seeded):
    before = shown(seeded, "unsure")["fukushi_sogo"]["phone"]
    confirm(seeded, FactId("phone", "fukushi_sogo.fukushi-sogo.voice"), "0466-50-3523", AOKI, AT)
    assert (before, shown(seeded, "unsure")["fukushi_sogo"]["phone"]) == ("0466-50-3533", "0466-50-3523")


def test_what_was_changed_in_the_meantime_is_not_confirmed(seeded):
    correct(seeded, None, HOIKU, HOIKU_NUMBER, Correction("0466-50-0001", **CITY), INOUE, AT)
    before = rows_of(seeded)
    with pytest.raises(Overtaken):
        confirm(seeded, HOIKU, HOIKU_NUMBER, AOKI, AT)
    assert rows_of(seeded) == before


def test_a_fact_that_is_not_there_is_neither_confirmed_nor_corrected(seeded, gazetteer):
    for fact in (FactId("phone", "nobody.voice"), FactId("address", "nobody"), FactId("hours", "nobody")):
        with pytest.raises(NoSuchFact):
            confirm(seeded, fact, "", AOKI, AT)
        with pytest.raises(NoSuchFact):
            correct(seeded, gazetteer, fact, "", Correction("0466-50-0001", **CITY), INOUE, AT)


def test_the_address_of_a_civic_centre_holds_for_its_welfare_desk_too(seeded):
    with Session(seeded) as session:
        address = session.get(Address, "shimin_center.center-01").address_1
    id = confirm(seeded, FactId("address", "shimin_center.center-01"), address, AOKI, AT)
    with Session(seeded) as session:
        for window in ("shimin_center", "chiku_fukushi"):
            assert session.get(Address, f"{window}.center-01").verified_by == "窓口の 青木"
    undo(seeded, id, AOKI, AT, only_own=True)
    with Session(seeded) as session:
        assert session.get(Address, "chiku_fukushi.center-01").verified_by is None


@pytest.mark.parametrize(
    ("said_by", "trust", "seen"), [("city", "A", True), ("body", "B", True), ("other", "C", False)]
)
def test_a_corrected_number_is_as_good_as_who_says_so(seeded, said_by, trust, seen):
    wanted = Correction("０４６６－５０－０００１", "担当の課に電話で確認", date(2026, 11, 20), said_by, "保育課")
    correct(seeded, None, HOIKU, HOIKU_NUMBER, wanted, INOUE, AT)
    with Session(seeded) as session:
        phone = session.get(Phone, HOIKU.key)
    assert (phone.number, phone.trust, phone.source_date) == ("0466-50-0001", trust, "2026-11-20")
    assert (phone.source, phone.description) == ("担当の課に電話で確認", "保育課")
    line = read_directory(seeded).windows["hoiku_concierge"].offices.items[0].lines[0]
    assert line.fact.shown_to("resident") == seen


def test_an_address_of_a_page_is_read_as_its_publisher(seeded):
    correct(seeded, None, HOIKU, HOIKU_NUMBER, Correction("0466-50-0001", **CITY), INOUE, AT)
    with Session(seeded) as session:
        phone = session.get(Phone, HOIKU.key)
    assert (phone.source, phone.source_url) == ("藤沢市のページ", CITY["source"])


@pytest.mark.parametrize(
    "wanted",
    [
        Correction("0466-50-0001", "", date(2026, 11, 20), "city"),
        Correction("0466-50-0001", "市のページ", None, "city"),
        Correction("内線3124", "市のページ", date(2026, 11, 20), "city"),
        Correction("0466-50-0001 山田", "市のページ", date(2026, 11, 20), "city"),
        Correction("0" * 300, "市のページ", date(2026, 11, 20), "city"),
    ],
)
def test_no_correction_without_source_date_and_a_real_number(seeded, wanted):
    with pytest.raises(EditRefused):
        correct(seeded, None, HOIKU, HOIKU_NUMBER, wanted, INOUE, AT)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("0466 50 3526", "0466503526"), ("０４６６ー５０ー３５２６", "0466-50-3526"), ("#8008", "#8008"), ("119", "119")],
)
def test_numbers_are_taken_as_they_are_typed(typed, kept):
    assert number(typed) == kept


def test_corrected_hours_tell_when_an_office_is_open(seeded, gazetteer):
    fact = FactId("hours", "seishin_hoken.seishin")
    seen = "平日 8:30-17:15"
    correct(seeded, gazetteer, fact, seen, Correction("月-金 9:00-17:00 (正午-13時を除く)", **CITY), INOUE, AT)
    office = read_directory(seeded).windows["seishin_hoken"].offices.items[0]
    assert office.hours.open_at(TUESDAY.replace(hour=8, minute=45)) == "closed"
    assert office.hours.open_at(TUESDAY.replace(hour=12, minute=30)) == "closed"
    assert office.hours.open_at(TUESDAY.replace(hour=14)) == "open"
    correct(seeded, gazetteer, fact, office.hours.text, Correction("予約した人だけ", **CITY), INOUE, AT)
    office = read_directory(seeded).windows["seishin_hoken"].offices.items[0]
    assert (office.hours.text, office.hours.open_at(TUESDAY)) == ("予約した人だけ", "unknown")


def test_a_new_address_moves_the_office_on_the_map(seeded, gazetteer):
    fact = FactId("address", "shimin_byoin.shimin-byoin")
    with Session(seeded) as session:
        seen = session.get(Address, fact.key).address_1
    for address, district in (("藤沢市辻堂西海岸2-1-17", "辻堂"), ("藤沢市長後513", None)):
        correct(seeded, gazetteer, fact, seen, Correction(address, **CITY), INOUE, AT)
        office = read_directory(seeded).windows["shimin_byoin"].offices.items[0]
        assert (office.address, office.located_in) == (address, district)
        seen = address


def test_what_was_missing_is_added_and_taken_back_again(seeded, gazetteer):
    before = rows_of(seeded)
    office = "okuchi.okuchi"
    added = [
        correct(seeded, gazetteer, fact, "", Correction(value, **CITY), INOUE, AT)
        for fact, value in (
            (FactId("phone", f"{office}.voice"), "0466-50-0002"),
            (FactId("address", office), "藤沢市鵠沼2131-1"),
            (FactId("hours", office), "平日 8:30-17:00"),
        )
    ]
    found = read_directory(seeded).windows["okuchi"].offices.items[0]
    assert (found.lines[0].number, found.address) == ("0466-50-0002", "藤沢市鵠沼2131-1")
    assert found.hours.open_at(TUESDAY) == "open"
    for id in reversed(added):
        undo(seeded, id, INOUE, AT, only_own=False)
    assert rows_of(seeded) == before


def test_a_number_that_is_wrong_can_be_taken_out_at_once(seeded):
    confirm(seeded, HOIKU, HOIKU_NUMBER, AOKI, AT)
    id = correct(seeded, None, HOIKU, HOIKU_NUMBER, Correction(""), INOUE, AT)
    assert read_directory(seeded).windows["hoiku_concierge"].offices.items[0].lines == ()
    undo(seeded, id, INOUE, AT, only_own=False)
    with Session(seeded) as session:
        assert session.get(Phone, HOIKU.key).verified_by == "窓口の 青木"


def test_undoing_brings_back_every_value_and_is_seen_at_once(seeded):
    before, revision = rows_of(seeded), read_revision(seeded)
    id = correct(seeded, None, HOIKU, HOIKU_NUMBER, Correction("0466-50-0001", **CITY), INOUE, AT)
    assert rows_of(seeded) != before
    undo(seeded, id, INOUE, AT, only_own=False)
    assert rows_of(seeded) == before
    assert read_revision(seeded) > revision + 1
    (record,) = changes(seeded)
    assert (record.kind, record.editor, record.undone_by, record.at) == ("edit", INOUE, "運用の 井上", AT)


def test_nothing_is_undone_twice_nor_over_a_later_change_nor_for_somebody_else(seeded):
    first = confirm(seeded, HOIKU, HOIKU_NUMBER, AOKI, AT)
    with pytest.raises(NoSuchChange):
        undo(seeded, first, Editor("other", "別の人"), AT, only_own=True)
    second = correct(seeded, None, HOIKU, HOIKU_NUMBER, Correction("0466-50-0001", **CITY), INOUE, AT)
    with pytest.raises(Overtaken):
        undo(seeded, first, AOKI, AT, only_own=True)
    undo(seeded, second, INOUE, AT, only_own=False)
    with pytest.raises(NoSuchChange):
        undo(seeded, second, INOUE, AT, only_own=False)
    undo(seeded, first, INOUE, AT, only_own=False)
    with pytest.raises(NoSuchChange):
        undo(seeded, 999, INOUE, AT, only_own=False)


def test_of_two_people_who_correct_the_same_number_at_once_one_is_told(seeded):
    def work(last: int) -> str:
        try:
            correct(seeded, None, HOIKU, HOIKU_NUMBER, Correction(f"0466-50-000{last}", **CITY), INOUE, AT)
        except Overtaken:
            return "told"
        return "written"

    with ThreadPoolExecutor(4) as pool:
        outcomes = sorted(pool.map(work, range(4)))
    assert outcomes == ["told", "told", "told", "written"]
