"""The seed runs with every start; what staff confirmed, corrected or took out by hand stays as they left it."""

from __future__ import annotations

import csv
import hashlib

from sqlalchemy import inspect
from sqlalchemy.orm import Session

from agency_db.fact_edits import Correction, FactId, confirm, correct
from agency_db.importers.seed import seed
from agency_db.models import Location, Phone, Schedule, SeedRecord
from tests.agency_db.conftest import AOKI, AT, CITY, INOUE


def newer(hotlines, tmp_path, **values):
    """The packaged hotlines with other values for かながわケアラー電話相談."""
    with hotlines.open(encoding="utf-8") as handle:
        rows = list(csv.DictReader(handle))
    path = tmp_path / "hotlines.csv"
    with path.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.DictWriter(handle, list(rows[0]))
        writer.writeheader()
        writer.writerows(row | values if row["id"] == "childline" else row for row in rows)
    return path


def test_the_seed_never_writes_over_a_number_or_hours_edited_by_hand(seeded, gazetteer, hotlines, tmp_path):
    office = "emergency.childline"
    with Session(seeded) as session:
        hours = session.get(Schedule, f"{office}.0").notes
    wanted = Correction("0120-99-7778", **CITY)
    correct(seeded, gazetteer, FactId("phone", f"{office}.voice"), "0120-99-7777", wanted, INOUE, AT)
    correct(seeded, gazetteer, FactId("hours", office), hours, Correction("平日 10:00-12:00", **CITY), INOUE, AT)
    changed = newer(hotlines, tmp_path, number="0120-11-1111", hours="daily 01:00-02:00; Mo-Fr 03:00-04:00")
    for _ in range(2):
        seed(seeded, changed)
        with Session(seeded) as session:
            rules = session.query(Schedule).filter(Schedule.service_at_location_id == office).all()
            assert session.get(Phone, f"{office}.voice").number == "0120-99-7778"
            assert [(rule.opens_at, rule.closes_at) for rule in rules] == [("10:00", "12:00")]


def test_the_seed_does_not_bring_back_what_was_taken_out_nor_touch_what_was_confirmed(
    seeded, gazetteer, hotlines, tmp_path
):
    office = "emergency.childline"
    confirm(seeded, FactId("phone", f"{office}.voice"), "0120-99-7777", AOKI, AT)
    with Session(seeded) as session:
        hours = session.get(Schedule, f"{office}.0").notes
    correct(seeded, gazetteer, FactId("hours", office), hours, Correction(""), INOUE, AT)
    seed(seeded, newer(hotlines, tmp_path, number="0120-11-1111", hours="daily 01:00-02:00; Mo-Fr 03:00-04:00"))
    with Session(seeded) as session:
        assert session.query(Schedule).filter(Schedule.service_at_location_id == office).count() == 0
        phone = session.get(Phone, f"{office}.voice")
    assert (phone.number, phone.verified_by) == ("0120-99-7777", "窓口の 青木")


def test_a_directory_from_before_the_update_still_takes_newer_packaged_facts(seeded):
    """What the seed wrote down before there was `verified_by` must not look like an edit."""
    with Session(seeded) as session:
        row = session.get(Location, "shimin_byoin.shimin-byoin")
        names = sorted(column.key for column in inspect(row).mapper.column_attrs if column.key != "verified_by")
        text = "\n".join(f"{name}={getattr(row, name)!r}" for name in names)
        record = session.get(SeedRecord, ("location", row.id))
    assert record.digest == hashlib.sha256(text.encode()).hexdigest()
