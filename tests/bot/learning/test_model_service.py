"""Which model may go into service, which stays on disk, and what is remembered; on both databases."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine

from bot.engine import training
from bot.engine.blue_green import CannotSwitch
from bot.engine.training import fitting_model, ingredients_hash, reviewed_examples
from bot.learning import comparing
from bot.learning.candidates import KEPT, Models
from bot.learning.fitness import FALLS
from bot.learning.service import ModelService, Refused, entered_service
from bot.learning.serving import Serving, archive_of, model_to_serve
from bot.logbook import schema as log_schema
from bot.logbook.database import open_engine
from bot.settings import Settings
from bot.staff import schema
from tests.bot.learning.material import CRISIS, add_model, compared, serve


class Pair:
    """Notes what it is asked to run. `trouble`: why the next switch fails."""

    def __init__(self) -> None:
        self.served: list[str] = []
        self.in_shadow: str | None = None
        self.trouble = ""
        self.shadow_client = None

    async def switch(self, model: Path, report: Callable[[str], None]) -> None:
        report("load")
        await asyncio.sleep(0.01)
        if self.trouble:
            raise CannotSwitch(self.trouble)
        self.served.append(model.name.removesuffix(".tar.gz"))

    async def shadow(self, model: Path | None) -> None:
        self.in_shadow = model.name.removesuffix(".tar.gz") if model else None


@pytest.fixture
def database(url: str) -> Iterator[Engine]:
    engine = open_engine(url)
    log_schema.upgrade(engine)
    schema.upgrade(engine)
    yield engine
    engine.dispose()


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data=tmp_path)


@pytest.fixture
def pair() -> Pair:
    return Pair()


@pytest.fixture
def service(settings: Settings, database: Engine, pair: Pair) -> ModelService:
    """`tsunagu-a` is in service, `tsunagu-b` is a candidate."""
    for name in ("tsunagu-a", "tsunagu-b"):
        add_model(database, settings.models, name)
    serve(settings.models, "tsunagu-a")
    return ModelService(settings, database, pair)


async def over(service: ModelService) -> None:
    assert service._task is not None
    await service._task


async def test_a_candidate_must_have_been_compared_with_the_model_in_service(
    service: ModelService, database: Engine, settings: Settings
) -> None:
    with pytest.raises(Refused, match="くらべて"):
        await service.switch("tsunagu-b", "unyo")
    compared(database, settings.models, "tsunagu-b", "tsunagu-old", falls=False)
    with pytest.raises(Refused, match="くらべて"):
        await service.switch("tsunagu-b", "unyo")


async def test_whoever_overlooks_a_crisis_is_refused_and_the_sentence_is_shown(
    service: ModelService, pair: Pair, database: Engine, settings: Settings
) -> None:
    compared(database, settings.models, "tsunagu-b", "tsunagu-a", falls=True)
    with pytest.raises(Refused, match=FALLS):
        await service.switch("tsunagu-b", "kanri")
    assert pair.served == []
    kept = service.models.comparison("tsunagu-b")
    assert kept is not None
    view = comparing.view(kept, {"medical": "医療", "dementia": "認知症", "elderly_care": "介護"})
    assert view.falls
    assert [(change.text, change.after) for change in view.lost] == [(CRISIS.text, "医療 0.90")]
    assert [change.right for change in view.changed(better=True)] == ["認知症"]


async def test_switched_and_back_is_remembered_and_noted(
    service: ModelService, pair: Pair, database: Engine, settings: Settings
) -> None:
    """The way back needs no comparison: that model served before."""
    compared(database, settings.models, "tsunagu-b", "tsunagu-a", falls=False)
    await service.switch("tsunagu-b", "unyo")
    await over(service)
    serving = Serving.read(settings.models)
    assert serving is not None
    assert (serving.model, serving.previous, serving.who) == ("tsunagu-b", "tsunagu-a", "unyo")
    await service.switch("tsunagu-a", "kanri")
    await over(service)
    assert pair.served == ["tsunagu-b", "tsunagu-a"]
    assert [(one.model, one.how, one.who) for one in service.models.switches()] == [
        ("tsunagu-a", "back", "kanri"),
        ("tsunagu-b", "switch", "unyo"),
    ]
    assert model_to_serve(settings.models) == archive_of(settings.models, "tsunagu-a")


async def test_a_switch_that_fails_changes_nothing_and_says_why(
    service: ModelService, pair: Pair, database: Engine, settings: Settings
) -> None:
    compared(database, settings.models, "tsunagu-b", "tsunagu-a", falls=False)
    pair.trouble = "新しいモデルが動きませんでした。"
    await service.switch("tsunagu-b", "unyo")
    with pytest.raises(Refused, match="いま切り替えて"):
        await service.switch("tsunagu-b", "unyo")
    await over(service)
    assert service.switching is not None
    assert service.switching.problem == pair.trouble
    serving = Serving.read(settings.models)
    assert serving is not None
    assert serving.model == "tsunagu-a"


async def test_a_model_of_another_release_is_refused(
    service: ModelService, database: Engine, settings: Settings
) -> None:
    add_model(database, settings.models, "tsunagu-old", base="anotherbase")
    compared(database, settings.models, "tsunagu-old", "tsunagu-a", falls=False)
    with pytest.raises(Refused, match="前の版"):
        await service.switch("tsunagu-old", "unyo")
    with pytest.raises(Refused, match="前の版"):
        await service.set_shadow("tsunagu-old")


async def test_the_shadow_comes_back_after_a_restart_and_ends_after_its_days(
    service: ModelService, pair: Pair, database: Engine, settings: Settings
) -> None:
    await service.set_shadow("tsunagu-b")
    assert pair.in_shadow == "tsunagu-b"
    restarted = Pair()
    await ModelService(settings, database, restarted).start()
    assert restarted.in_shadow == "tsunagu-b"
    later = Pair()
    in_two_weeks = datetime.now(UTC) + timedelta(days=14)
    await ModelService(settings, database, later, clock=lambda: in_two_weeks).start()
    assert later.in_shadow is None
    await service.set_shadow(None)
    assert pair.in_shadow is None


def test_the_last_ten_stay_and_whoever_is_needed(database: Engine, settings: Settings) -> None:
    for number in range(KEPT + 3):
        add_model(database, settings.models, f"tsunagu-{number}")
    gone = Models(database, settings.models).tidy(["tsunagu-0"])
    assert gone == ["tsunagu-2", "tsunagu-1"]
    left = {path.name for path in settings.models.glob("*.tar.gz")}
    assert len(left) == KEPT + 1
    assert "tsunagu-0.tar.gz" in left


def test_up_starts_the_remembered_model_but_not_over_new_data_or_code(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A release that brings other data trains the fitting model again, with the operators' examples."""
    assert model_to_serve(settings.models) == fitting_model(settings.models)
    serve(settings.models, "tsunagu-b")
    assert model_to_serve(settings.models) == fitting_model(settings.models)
    archive_of(settings.models, "tsunagu-b").write_bytes(b"model")
    assert model_to_serve(settings.models) == archive_of(settings.models, "tsunagu-b")
    monkeypatch.setattr(training, "ingredients_hash", lambda: "newrelease00")
    monkeypatch.setattr("bot.learning.serving.ingredients_hash", lambda: "newrelease00")
    assert model_to_serve(settings.models) == settings.models / "tsunagu-newrelease00.tar.gz"


def test_the_operators_examples_make_another_model(settings: Settings) -> None:
    """Without the file the name is that of the release."""
    plain = fitting_model(settings.models)
    assert plain.name == f"tsunagu-{ingredients_hash()}.tar.gz"
    file = reviewed_examples(settings.models)
    file.parent.mkdir(parents=True)
    names = {plain}
    for content in ("nlu: []\n", "nlu: [] # 2\n"):
        file.write_text(content, encoding="utf-8")
        names.add(fitting_model(settings.models))
    assert len(names) == 3


def test_what_starts_with_the_service_is_listed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = Settings(data=tmp_path)
    engine = open_engine(settings.log_url)
    schema.upgrade(engine)
    settings.models.mkdir()
    archive = fitting_model(settings.models)
    archive.write_bytes(b"model")
    for _ in range(2):
        entered_service(settings, archive)
    service = ModelService(settings, engine, None)
    overview = service.overview()
    assert [one.in_service for one in overview.models] == [True]
    assert overview.models[0].model.sentences > 5000
    assert [one.how for one in overview.switches] == ["start"]
    engine.dispose()
