"""The packaged data in the database, on SQLite and PostgreSQL: complete, with sources, and kind to operators' edits."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import func, select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from agency_db import models
from agency_db.directory import Directory
from agency_db.importers.seed import seed
from agency_db.models import Address, Phone, Route, Schedule, Service, ServiceAtLocation, TaxonomyTerm
from agency_db.schema import upgrade
from agency_db.session import DirectorySession
from agency_db.snapshot import read_directory, read_revision


def count(engine, model, *where):
    with Session(engine) as session:
        return session.scalar(select(func.count()).select_from(model).where(*where))


def test_all_of_the_plan_is_there(seeded, hotlines):
    """計画の39の窓口と緊急の連絡先、86行の案内表、35の分野、13の地区。"""
    assert count(seeded, Service) == 40
    assert count(seeded, Route) == 86
    assert count(seeded, TaxonomyTerm, TaxonomyTerm.taxonomy == "issue_area") == 35
    assert count(seeded, TaxonomyTerm, TaxonomyTerm.taxonomy == "district") == 13
    assert count(seeded, TaxonomyTerm, TaxonomyTerm.taxonomy == "programme") == 5
    assert count(seeded, ServiceAtLocation, ServiceAtLocation.service_id == "engawa") == 7
    with hotlines.open(encoding="utf-8") as handle:
        lines = len(list(csv.DictReader(handle)))
    assert count(seeded, ServiceAtLocation, ServiceAtLocation.service_id == "emergency") == lines


def test_every_window_keeps_what_the_plan_says_of_it(seeded):
    with Session(seeded) as session:
        service = session.get(Service, "zaitaku_iryo")
        assert service.run_by == "委託"
        assert service.department == "地域医療推進課"
        assert "支援機関から" in service.eligibility_description
        assert service.door_id == "ikiiki_support"


def test_every_fact_names_its_source(seeded):
    for model in (Phone, Address, Schedule, ServiceAtLocation, Service, Route):
        assert count(seeded, model, model.source == "") == 0
        assert count(seeded, model, model.trust.not_in(("A", "B", "C"))) == 0


def test_seeding_twice_changes_nothing(seeded, hotlines):
    before = read_revision(seeded)
    again = seed(seeded, hotlines)
    assert (again.added, again.updated, again.removed, again.kept) == (0, 0, 0, 0)
    assert read_revision(seeded) == before


def test_what_operators_confirm_correct_or_delete_survives_a_second_seed(seeded, hotlines):
    with DirectorySession(seeded) as session, session.begin():
        phone = session.get(Phone, "hoiku_concierge.hoiku-concierge.voice")
        phone.trust, phone.verified_on = "A", date(2026, 11, 1)
        session.get(Service, "hoiku_concierge").reason = "保育園のことを何でも聞けます"
        session.delete(session.get(Route, "isolation.csw_chiiki.always"))
    seed(seeded, hotlines)
    with Session(seeded) as session:
        assert session.get(Phone, "hoiku_concierge.hoiku-concierge.voice").verified_on == date(2026, 11, 1)
        assert session.get(Service, "hoiku_concierge").reason == "保育園のことを何でも聞けます"
        assert session.get(Route, "isolation.csw_chiiki.always") is None


def hotlines_with(hotlines: Path, tmp_path: Path, change) -> Path:
    with hotlines.open(encoding="utf-8") as handle:
        rows = list(csv.DictReader(handle))
    rows = change(rows)
    path = tmp_path / "hotlines.csv"
    with path.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.DictWriter(handle, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return path


def test_newer_packaged_facts_replace_the_old_ones_unless_somebody_edited_them(seeded, tmp_path, hotlines):
    def renamed(rows):
        return [row | {"name": row["name"] + "(新)"} if row["id"] in ("110", "119") else row for row in rows]

    with DirectorySession(seeded) as session, session.begin():
        session.get(ServiceAtLocation, "emergency.119").name = "消防署"
    counts = seed(seeded, hotlines_with(hotlines, tmp_path, renamed))
    assert counts.kept >= 1
    with Session(seeded) as session:
        assert session.get(ServiceAtLocation, "emergency.110").name.endswith("(新)")
        assert session.get(ServiceAtLocation, "emergency.119").name == "消防署"


def test_a_line_that_the_packaged_data_no_longer_has_goes_with_its_numbers(seeded, tmp_path, hotlines):
    counts = seed(seeded, hotlines_with(hotlines, tmp_path, lambda rows: [row for row in rows if row["id"] != "188"]))
    assert counts.removed >= 2
    with Session(seeded) as session:
        assert session.get(ServiceAtLocation, "emergency.188") is None
        assert session.get(Phone, "emergency.188.voice") is None


def test_a_missing_hotlines_file_changes_nothing(database, tmp_path):
    upgrade(database)
    with pytest.raises(OSError, match=r"none\.csv"):
        seed(database, tmp_path / "none.csv")
    assert count(database, Service) == 0


def test_upgrading_twice_is_harmless(seeded):
    upgrade(seeded)
    assert count(seeded, Service) == 40


def test_the_migrations_build_exactly_the_tables_of_the_models(seeded):
    with seeded.connect() as connection:
        context = MigrationContext.configure(connection, opts={"version_table": "directory_version"})
        assert compare_metadata(context, models.Base.metadata) == []


def test_the_revision_grows_with_a_change_and_not_without(seeded):
    before = read_revision(seeded)
    with DirectorySession(seeded) as session, session.begin():
        session.get(Service, "backup").reason = "変えました"
    assert read_revision(seeded) > before
    after = read_revision(seeded)
    with DirectorySession(seeded) as session, session.begin():
        session.get(Service, "backup")
    assert read_revision(seeded) == after


def test_a_phone_belongs_to_one_owner(seeded):
    with pytest.raises(IntegrityError), DirectorySession(seeded) as session, session.begin():
        session.add(Phone(id="nobody", number="0466-00-0000", source="x", trust="C"))


def test_foreign_keys_hold(seeded):
    with pytest.raises(IntegrityError), seeded.begin() as connection:
        connection.execute(text("UPDATE route SET service_id = 'no_such_window'"))


def test_both_databases_give_the_same_snapshot(seeded, directory: Directory):
    read = read_directory(seeded)
    assert read.routes == directory.routes
    assert read.windows.keys() == directory.windows.keys()
    assert read.windows["shogai_chiiki"].offices.items == directory.windows["shogai_chiiki"].offices.items
