"""From a correction to a better model in service, with the real training, on a handful of sentences an area."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import AsyncExitStack
from functools import partial
from pathlib import Path

import psutil
import pytest
import yaml

from bot.commands.db import prepare_databases
from bot.engine.blue_green import Engines
from bot.engine.training import ingredients_hash, out_of_fold, reviewed_examples
from bot.learning.jobs import LOST, Job
from bot.learning.service import ModelService, Refused
from bot.learning.serving import Serving, archive_of
from bot.logbook.database import open_engine
from bot.settings import PROJECT, Settings

pytestmark = pytest.mark.slow

# Sentences that a model with a few examples an area gets wrong, and what an operator says of them.
CORRECTED = [
    ("ポストに知らない人あての手紙がたまっていく家がとなりにあります", ["neighbor_concern"]),
    ("おばあちゃんの家の玄関から奥まで袋と新聞が積みあがって通れません", ["hoarding"]),
]


@pytest.fixture(scope="module")
def few(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The training data with a dozen sentences a file: trained in seconds instead of minutes."""
    folder = tmp_path_factory.mktemp("few")
    shutil.copytree(PROJECT / "data" / "stories", folder / "stories")
    (folder / "nlu").mkdir()
    for file in sorted((PROJECT / "data" / "nlu").glob("*.yml")):
        content = yaml.load(file.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
        for group in content["nlu"]:
            if isinstance(group["examples"], list):
                step = max(1, len(group["examples"]) // 12)
                group["examples"] = group["examples"][::step][:12]
        (folder / "nlu" / file.name).write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
    return folder


@pytest.fixture
def prepared(tmp_path: Path) -> Iterator[Settings]:
    """A data folder with its databases."""
    settings = Settings.from_environment({}, data=tmp_path)
    before = os.environ.get("TSUNAGU_DIRECTORY_URL")
    prepare_databases(settings)
    os.environ["TSUNAGU_DIRECTORY_URL"] = settings.directory_url
    yield settings
    if before is not None:
        os.environ["TSUNAGU_DIRECTORY_URL"] = before


def write_examples(settings: Settings, examples: list[tuple[str, list[str]]]) -> None:
    """As the reviewing operators' file looks."""
    file = reviewed_examples(settings.models)
    file.parent.mkdir(parents=True, exist_ok=True)
    listed = [{"text": text, "metadata": {"areas": areas}} for text, areas in examples]
    group = {"intent": "worry", "metadata": {"reviewed": True}, "examples": listed}
    content = {"version": "3.1", "nlu": [group]}
    file.write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")


async def until(service: ModelService, reached: Callable[[Job], bool], patience: float = 400) -> Job:
    """Look at the job as the page does until something is so."""
    deadline = time.monotonic() + patience
    while time.monotonic() < deadline:
        job = await asyncio.to_thread(service.jobs.latest)
        if job is not None and reached(job):
            return job
        await asyncio.sleep(0.3)
    raise AssertionError(job)


async def test_corrected_trained_compared_switched_and_back(prepared: Settings, few: Path) -> None:
    """A job lives on without the web tier that began it; its model is compared, put into service, and taken back."""
    database = open_engine(prepared.log_url)
    async with AsyncExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="tsunagu-"))
        engines = Engines(Path(folder), prepared.log_url)
        stack.push_async_callback(engines.close)
        began = ModelService(prepared, database, engines, sources=[few])
        began.begin("train", "unyo")
        first = await until(began, lambda job: not job.running)
        assert first.state == "done", first.problem
        assert first.model
        Serving(first.model, ingredients_hash(), "2026-11-24T09:00:00+09:00", "terminal").write(prepared.models)
        await engines.start(archive_of(prepared.models, first.model))
        assert await engines.ready(120)

        write_examples(prepared, CORRECTED)
        began.begin("train", "unyo")
        for stage in ("read", "IssueAreaClassifier", "compare"):
            assert (await until(began, partial(reaches, stage))).stage == stage
        # The service answers meanwhile; another service (after a restart) sees the same job through.
        assert (await engines.client.turn("one", CORRECTED[0][0]))["model"] == first.model
        service = ModelService(prepared, database, engines, sources=[few])
        done = await until(service, lambda job: not job.running)
        assert done.state == "done", done.problem
        assert done.model != first.model
        assert out_of_fold(archive_of(prepared.models, done.model)).exists()

        listed = {one.model.name: one for one in service.overview().models}
        candidate = listed[done.model]
        assert candidate.model.reviewed == len(CORRECTED)
        assert candidate.model.against == first.model
        assert candidate.model.figures is not None
        assert candidate.model.figures["crisis"]["crisis_found"]["sentences"] > 100
        comparison = service.models.comparison(done.model)
        assert comparison is not None
        assert comparison["learnt"] == len(CORRECTED)
        assert comparison["reviewed"]["sentences"] == len(CORRECTED)
        # A model of so few sentences may well lose a crisis: then it is refused, and that is right.
        assert candidate.model.summary is not None
        assert (candidate.why_not is not None) == candidate.model.summary["falls"]
        if candidate.why_not is not None:
            with pytest.raises(Refused):
                await service.switch(done.model, "kanri")
        else:
            await service.switch(done.model, "unyo")
            await settled(service)
            assert (await engines.client.status())["model"] == done.model
            said = await engines.client.triage(CORRECTED[1][0])
            assert said["triage"]["areas"][0]["id"] == "hoarding"
            await service.switch(first.model, "unyo")
            await settled(service)
            assert (await engines.client.status())["model"] == first.model
            assert [one.how for one in service.models.switches()] == ["back", "switch"]
        await service.close()
    database.dispose()


def reaches(stage: str, job: Job) -> bool:
    return job.stage == stage or not job.running


async def settled(service: ModelService) -> None:
    """Wait for the switch to be over, without trouble."""
    for _ in range(900):
        if service.switching is None or not service.switching.running:
            break
        await asyncio.sleep(0.1)
    assert service.switching is not None
    assert not service.switching.running
    assert service.switching.problem == ""


async def test_cancelled_leaves_nothing_behind(prepared: Settings, few: Path) -> None:
    """「やめる」 in the middle of the training: it ends within seconds, no half model, and the next one may begin."""
    database = open_engine(prepared.log_url)
    service = ModelService(prepared, database, None, sources=[few])
    job = service.begin("train", "unyo")
    await until(service, lambda job: job.stage == "read")
    await asyncio.sleep(3)
    assert service.jobs.cancel(job)
    ended = await until(service, lambda job: not job.running, 20)
    assert ended.state == "cancelled"
    for _ in range(50):
        if not list(prepared.models.glob("*")):
            break
        await asyncio.sleep(0.2)
    assert list(prepared.models.glob("*")) == []
    database.dispose()


async def test_killed_it_is_said_to_have_stopped_and_the_training_ends_too(prepared: Settings, few: Path) -> None:
    """kill -9 on the job's process: its training does not live on alone, and the row says what happened."""
    database = open_engine(prepared.log_url)
    service = ModelService(prepared, database, None, sources=[few])
    service.begin("train", "unyo")
    await until(service, lambda job: job.stage == "read")
    await asyncio.sleep(3)
    worker = service._processes[0]
    children = children_of(worker.pid)
    assert children
    os.kill(worker.pid, signal.SIGKILL)
    worker.wait()
    for _ in range(50):
        if not any(running(child) for child in children):
            break
        await asyncio.sleep(0.2)
    assert not any(running(child) for child in children)
    job = await until(service, lambda job: not job.running, 60)
    assert (job.state, job.problem) == ("failed", LOST)
    database.dispose()


def children_of(parent: int) -> list[int]:
    return [process.pid for process in psutil.Process(parent).children(recursive=True)]


def running(pid: int) -> bool:
    return psutil.pid_exists(pid) and psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
