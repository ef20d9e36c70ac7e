"""A log from before the review pages can be searched like a new one."""

from __future__ import annotations

from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine, select, text

from bot.logbook.models import Facet
from bot.logbook.schema import upgrade

_CONVERSATION = (
    "INSERT INTO log_conversation VALUES ('a', '2026-11-24 01:00:00', '2026-11-24 02:00:00', '湘南台', 'page')"
)
_TURN = (
    "INSERT INTO log_turn VALUES ('{id}', 'a', {number}, '2026-11-24 01:00:00', '家賃', '{areas}', 'none', '{kind}', "
    "false, '[]', null, '[]', '[]', 'm', 1, false)"
)


def test_conversations_that_are_there_get_their_facets(url: str) -> None:
    engine = create_engine(url)
    with engine.begin() as connection:
        config = Config()
        config.set_main_option("script_location", "bot/logbook/migrations")
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
        connection.execute(text(_CONVERSATION))
        areas = '[{"id": "poverty", "score": 0.3}]'.replace(":", r"\:")
        connection.execute(text(_TURN.format(id="t1", number=1, areas=areas, kind="clarify")))
        connection.execute(text(_TURN.format(id="t2", number=2, areas="[]", kind="clarify")))
    upgrade(engine)
    with engine.connect() as connection:
        found = set(connection.scalars(select(Facet.facet)))
        moved = set(connection.scalars(select(Facet.last_activity)))
    engine.dispose()
    assert found == {
        "unreviewed",
        "kind:clarify",
        "asked_twice",
        "area:poverty",
        "district:湘南台",
        "low",
        "no_window",
    }
    assert len(moved) == 1
