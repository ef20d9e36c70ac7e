"""`tsunagu db check`: what an operator must mend, in plain sentences."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from agency_db.check import check
from agency_db.session import open_engine


def test_the_packaged_directory_is_in_order(seeded):
    assert check(seeded) == []


@pytest.mark.parametrize(
    ("damage", "words"),
    [
        ("UPDATE service SET status = 'inactive' WHERE id = 'okuchi'", "お口の相談窓口"),
        ("UPDATE phone SET source = '' WHERE id = 'backup.backup.voice'", "backup.backup.voice"),
        ("UPDATE phone SET trust = 'C' WHERE organization_id = 'city'", "確認前の電話番号 0466-25-1111"),
        ("DELETE FROM phone WHERE organization_id = 'city'", "市役所代表"),
        ("DELETE FROM route WHERE area = 'oral'", "お口・歯"),
        ("UPDATE route SET condition = 'mukashi' WHERE condition = 'youth'", "mukashi"),
        ("DELETE FROM route WHERE area = 'home_medical' AND service_id = 'ikiiki_support'", None),
        ("UPDATE service SET door_id = 'backup' WHERE id = 'okuchi'", None),
        ("DELETE FROM service_at_location WHERE service_id = 'emergency'", "緊急の連絡先"),
        ("UPDATE schedule SET opens_at = '99:99' WHERE opens_at = '08:30'", "台帳を読めません"),
    ],
)
def test_each_kind_of_damage_is_named(damage, words, seeded):
    with seeded.begin() as connection:
        connection.execute(text(damage))
    problems = check(seeded)
    if words is None:
        assert problems == []  # the door is put before the window by itself
    else:
        assert any(words in problem for problem in problems)
        assert all(problem.endswith("。") for problem in problems)


def test_an_empty_database_is_told_how_to_begin(tmp_path):
    (problem,) = check(open_engine(f"sqlite:///{tmp_path / 'none.db'}"))
    assert "tsunagu db init" in problem
