"""Training, comparing, switching and the shadow as one service: what the staff's page and `tsunagu up` use."""

from __future__ import annotations

import asyncio
import logging
import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final, Protocol

from sqlalchemy import Engine

from bot.engine.blue_green import CannotSwitch
from bot.engine.training import DATA, ingredients_hash, reviewed_examples
from bot.learning.candidates import Models, Switch
from bot.learning.fitness import OTHER_RELEASE, Listed, listed
from bot.learning.jobs import Job, Jobs, Kind
from bot.learning.reviewed import count_examples
from bot.learning.serving import Serving, archive_of
from bot.learning.shadow import Disagreements, Shadow, ShadowEngine
from bot.logbook.database import PATIENT_MS, open_engine
from bot.settings import PROJECT, Settings
from bot.staff.audit import TERMINAL
from bot.staff.clock import Clock, now

#: A model runs in shadow for so long, unless somebody ends it before.
SHADOW_TIME: Final = timedelta(days=7)
#: The stages of a switch, in plain words.
PHASES: Final = {
    "load": "新しいモデルを読み込んでいます",
    "probe": "ためしに答えさせています",
    "move": "新しいモデルに渡しています",
    "drain": "答えている途中の分を待っています",
}

_log = logging.getLogger(__name__)


class Refused(Exception):
    """It may not be done now; the message is Japanese and plain."""


class Engines(ShadowEngine, Protocol):
    """What is needed of bot.engine.blue_green.Engines."""

    async def switch(self, model: Path, report: Callable[[str], None]) -> None:
        """Raises CannotSwitch."""

    async def shadow(self, model: Path | None) -> None:
        """Run a model in shadow; None ends it."""


@dataclass(frozen=True, slots=True)
class Switching:
    """A switch under way, or how the last one ended. `problem`: why it failed, in Japanese."""

    model: str
    phase: str
    running: bool
    problem: str = ""

    @property
    def words(self) -> str:
        """The phase as people read it."""
        return PHASES.get(self.phase, "")


@dataclass(frozen=True, slots=True)
class Overview:
    """Everything that the page shows. `waiting`: examples that operators have written, learnt or not."""

    job: Job | None
    serving: Serving | None
    models: Sequence[Listed]
    switches: Sequence[Switch]
    examples: int


class ModelService:
    """Belongs to one event loop; methods that are not async block, and are for threads."""

    def __init__(
        self,
        settings: Settings,
        engine: Engine,
        engines: Engines | None,
        *,
        sources: Sequence[Path] = (DATA,),
        worker: str = "bot.commands.learn",
        clock: Clock = now,
    ) -> None:
        """`engine`: the log database; `engines` None: nothing can be switched here. `worker`: carries jobs through."""
        self._settings = settings
        self._folder = settings.models
        self._engines = engines
        self._sources = sources
        self._worker = worker
        self._clock = clock
        self._processes: list[subprocess.Popen[bytes]] = []
        self._task: asyncio.Task[None] | None = None
        self._shadow_until: datetime | None = None
        self.switching: Switching | None = None
        self.jobs = Jobs(engine, clock)
        self.models = Models(engine, self._folder, clock)
        self.disagreements = Disagreements(engine, clock)
        self.shadow = Shadow(engines, self.disagreements, self._shadow_is_over)

    async def start(self) -> None:
        """Bring back the shadow that ran before a restart."""
        serving = await asyncio.to_thread(Serving.read, self._folder)
        if serving is not None and serving.shadow and self._engines is not None:
            await self._run_shadow(serving)

    async def close(self) -> None:
        """Wait for a switch under way; the engines are closed by whoever opened them."""
        if self._task is not None:
            with suppress(Exception):
                await self._task
        await self.shadow.idle()

    def overview(self) -> Overview:
        """Jobs, models and what may be done with them."""
        serving = Serving.read(self._folder)
        base = ingredients_hash()
        return Overview(
            job=self._job(),
            serving=serving,
            models=[listed(model, serving, base) for model in self.models.all()],
            switches=self.models.switches(),
            examples=count_examples(reviewed_examples(self._folder)),
        )

    def status(self) -> tuple[Job | None, Switching | None]:
        """What is under way, for a page that asks every second."""
        return self._job(), self.switching

    def begin(self, kind: Kind, who: str, model: str = "") -> int:
        """Start a job in a process of its own; returns its id. Raises Busy, Refused."""
        if kind == "compare" and (found := self.models.get(model)) is not None and found.base != ingredients_hash():
            raise Refused(OTHER_RELEASE)
        job = self.jobs.begin(kind, who, model)
        command = [sys.executable, "-W", "ignore", "-m", self._worker, str(self._settings.data), str(job)]
        database = {"TSUNAGU_DATABASE": self._settings.database or ""}
        try:
            process = subprocess.Popen(  # noqa: S603 - our own interpreter and module
                [*command, *map(str, self._sources)],
                cwd=PROJECT,
                env=dict(os.environ) | database,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                # It lives on when this process is stopped or restarted.
                start_new_session=True,
            )
        except OSError as error:
            self.jobs.end(job, "failed", problem=f"学習のプロセスを始められませんでした({error.strerror})。")
            raise Refused("学習を始められませんでした。") from error
        self._processes.append(process)
        return job

    def check(self, name: str) -> None:
        """Whether a model may go into service now. Raises Refused with the reason; nobody can override it."""
        model = self.models.get(name)
        if model is None:
            raise Refused("このモデルはもうありません。")
        reason = listed(model, Serving.read(self._folder), ingredients_hash()).why_not
        if reason is not None:
            raise Refused(reason)

    async def switch(self, name: str, who: str) -> None:
        """Begin to put a model into service; `switching` tells how it goes. Raises Refused."""
        engines = self._ready_engines()
        await asyncio.to_thread(self.check, name)
        # Asked again: the check has let others run.
        self._ready_engines()
        self.switching = Switching(name, "load", running=True)
        self._task = asyncio.create_task(self._carry_out(engines, name, who))

    async def set_shadow(self, name: str | None) -> None:
        """Run a model in shadow for a while, or end it. Raises Refused."""
        engines = self._ready_engines()
        serving = await asyncio.to_thread(Serving.read, self._folder)
        if serving is None:
            raise Refused("使っているモデルがわからないので、始められません。")
        if name is not None:
            model = await asyncio.to_thread(self.models.get, name)
            if model is None or name == serving.model:
                raise Refused("このモデルは影で動かせません。")
            if model.base != ingredients_hash():
                raise Refused(OTHER_RELEASE)
        changed = serving.in_shadow(name, self._clock() + SHADOW_TIME if name else None)
        await asyncio.to_thread(changed.write, self._folder)
        if name is None:
            await engines.shadow(None)
        else:
            await self._run_shadow(changed)

    def _ready_engines(self) -> Engines:
        if self._engines is None:
            raise Refused("この動かし方では、モデルを切り替えられません(./tsunagu up で動かしてください)。")
        if self.switching is not None and self.switching.running:
            raise Refused("いま切り替えているところです。終わるまで待ってください。")
        return self._engines

    async def _carry_out(self, engines: Engines, name: str, who: str) -> None:
        def report(phase: str) -> None:
            self.switching = Switching(name, phase, running=True)

        try:
            # Three engines at once are too much for a small machine: the shadow steps aside.
            await engines.shadow(None)
            await engines.switch(archive_of(self._folder, name), report)
            await asyncio.to_thread(self._remember, name, who)
            self.switching = Switching(name, "drain", running=False)
        except CannotSwitch as error:
            self.switching = Switching(name, "load", running=False, problem=str(error))
        except Exception as error:
            _log.exception("switching failed")
            problem = f"切り替えの途中で、思わぬことがありました({type(error).__name__})。"
            self.switching = Switching(name, "load", running=False, problem=problem)
        serving = await asyncio.to_thread(Serving.read, self._folder)
        if serving is not None and serving.shadow:
            await self._run_shadow(serving)

    def _remember(self, name: str, who: str) -> None:
        before = Serving.read(self._folder)
        if before is None:
            before = Serving(name, ingredients_hash(), "", who)
        model = self.models.get(name)
        how = "back" if name == before.previous else "switch"
        after = before.with_model(name, model.base if model else before.base, who, self._clock())
        after.write(self._folder)
        self.models.switched(name, before.model, who, how)

    async def _run_shadow(self, serving: Serving) -> None:
        archive = archive_of(self._folder, serving.shadow or "")
        self._shadow_until = datetime.fromisoformat(serving.shadow_until) if serving.shadow_until else None
        if self._engines is not None and archive.exists() and not self._shadow_is_over():
            await self._engines.shadow(archive)

    def _shadow_is_over(self) -> bool:
        return self._shadow_until is not None and self._clock() > self._shadow_until

    def _job(self) -> Job | None:
        # Those that are over are reaped here.
        self._processes = [process for process in self._processes if process.poll() is None]
        return self.jobs.latest()


def entered_service(settings: Settings, archive: Path) -> None:
    """The service starts with this model: list it, and remember it unless it was the one before."""
    name, base = archive.name.removesuffix(".tar.gz"), ingredients_hash()
    before = Serving.read(settings.models)
    models = Models(open_engine(settings.log_url, PATIENT_MS), settings.models)
    reviewed = count_examples(reviewed_examples(settings.models))
    models.add(name, TERMINAL, base, sentences=count_examples(*sorted(DATA.glob("nlu/*.yml"))), reviewed=reviewed)
    if before is not None and before.model == name:
        return
    now_serving = Serving(name, base, now().isoformat(), TERMINAL, previous=before.model if before else None)
    now_serving.write(settings.models)
    models.switched(name, before.model if before else "", TERMINAL, "start")
