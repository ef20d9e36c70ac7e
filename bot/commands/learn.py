"""`python -m bot.commands.learn DATA JOB [SOURCE...]`: the process that carries a training job through.

The web tier starts it (bot.learning.service) and looks at the job's row from then on. It trains a candidate, compares
it with the model in service, and ends; it lives on when the web tier is restarted.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import sys
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from subprocess import Popen
from typing import Any

from sqlalchemy.exc import SQLAlchemyError

from bot.commands.measuring import HELD_OUT, CannotEvaluate, Report, load, packaged_guide, verdicts
from bot.engine.training import (
    TrainingFailed,
    ingredients_hash,
    model_name,
    name_of,
    out_of_fold,
    reviewed_examples,
    stages,
    training,
)
from bot.evaluation.answers import FAILED, Answer
from bot.evaluation.asking import ask
from bot.evaluation.compare import Comparison, compare
from bot.evaluation.guide import Guide
from bot.evaluation.heldout import SETS, Sentence, read_set
from bot.evaluation.scores import score
from bot.evaluation.verdicts import Verdict, judge
from bot.learning import comparing
from bot.learning.candidates import Models
from bot.learning.jobs import Job, Jobs
from bot.learning.reviewed import OutOfFoldAnswers, count_examples, read_examples, without_windows
from bot.learning.serving import Serving, archive_of
from bot.logbook.database import PATIENT_MS, open_engine
from bot.settings import Settings

# The service comes first.
_NICENESS = 10
_EVERY = 1.0
# Percent of the bar, and seconds where no earlier training tells.
_TRAINED = 70
_USUAL = 180.0
_LONGEST = 300


class Stopped(Exception):
    """Somebody cancelled the job."""


class Work:
    """One job. A thread gives signs of life, moves the bar on, and ends the training when the job is cancelled."""

    def __init__(self, settings: Settings, job: Job, sources: Sequence[Path]) -> None:
        """`sources`: the training data besides the operators' examples."""
        engine = open_engine(settings.log_url, PATIENT_MS)
        self._settings = settings
        self._folder = settings.models
        self._job = job
        self._sources = sources
        self.jobs = Jobs(engine)
        self._models = Models(engine, self._folder)
        self._stopped = threading.Event()
        self._over = threading.Event()
        self._process: Popen[str] | None = None
        self._stage = "start"
        self._done = 0
        self._started = time.monotonic()

    def run(self) -> None:
        """Everything, to the end of the job's row."""
        threading.Thread(target=self._watch, daemon=True).start()
        workshop = self._folder / f"job-{self._job.id}"
        try:
            # What a job left that was killed; there is only one at a time.
            for left in self._folder.glob("job-*"):
                shutil.rmtree(left, ignore_errors=True)
            workshop.mkdir(parents=True, exist_ok=True)
            name = self._job.model if self._job.kind == "compare" else self._train(workshop)
            asyncio.run(self._compare(name))
            serving = Serving.read(self._folder)
            needed = (serving.model, serving.previous, serving.shadow) if serving else ()
            self._models.tidy([one for one in (*needed, name) if one])
            self.jobs.end(self._job.id, "done", model=name)
        except Stopped:
            self.jobs.end(self._job.id, "cancelled")
        except TrainingFailed as failure:
            # The page shows one line; whoever can read the rest finds it in the log of the training.
            (self._folder / "training.log").write_text(str(failure), encoding="utf-8")
            last = str(failure).strip().splitlines()[-2:]
            self.jobs.end(self._job.id, "failed", problem=f"学習が途中で止まりました。{' '.join(last)[-_LONGEST:]}")
        except CannotEvaluate as failure:
            self.jobs.end(self._job.id, "failed", problem=str(failure))
        except Exception as error:
            self.jobs.end(self._job.id, "failed", problem=f"思わぬことで止まりました({type(error).__name__})。")
            raise
        finally:
            self._over.set()
            shutil.rmtree(workshop, ignore_errors=True)

    def _train(self, workshop: Path) -> str:
        """Train the candidate unless there is one of the same data; returns its name."""
        # A copy: operators go on reviewing meanwhile.
        reviewed = workshop / "reviewed.yml"
        with suppress(FileNotFoundError):
            shutil.copyfile(reviewed_examples(self._folder), reviewed)
        name = model_name(reviewed)
        target = archive_of(self._folder, name)
        if not target.exists():
            made = workshop / target.name
            self._at("read", 2)
            with training(made, self._sources, reviewed) as process:
                self._process = process
                try:
                    for stage in stages(process):
                        self._at(stage, self._done)
                except TrainingFailed:
                    self._check()
                    raise
            self._check()
            if reviewed.exists():
                out_of_fold(made).replace(out_of_fold(target))
            made.replace(target)
        files = [file for source in self._sources for file in (sorted(source.glob("**/nlu/*.yml")) or [source])]
        self._models.add(
            name,
            self._job.who,
            ingredients_hash(),
            sentences=count_examples(*files),
            reviewed=count_examples(reviewed),
        )
        return name

    async def _compare(self, name: str) -> None:
        """Figures of the model, and what it changes against the one in service, unless it is that itself."""
        self._at("compare", _TRAINED)
        serving = Serving.read(self._folder)
        now = archive_of(self._folder, serving.model) if serving else None
        archive = archive_of(self._folder, name)
        with packaged_guide(self._settings) as guide:
            sets = {one: read_set(HELD_OUT, one, guide.labels) for one in SETS}
            areas = list(guide.labels)
            after = await verdicts(self._settings, archive, sets, guide, self._progress(sets, _TRAINED))
            self._models.set_figures(name, _figures(name, after, areas))
            if now is None or now == archive or not now.exists():
                return
            before = await verdicts(self._settings, now, sets, guide, self._progress(sets, (_TRAINED + 100) // 2))
            names = name_of(now), name
            self._models.set_figures(names[0], _figures(names[0], before, areas))
            held_out = compare((names[0], before), (names[1], after), areas)
            reviewed = await self._compare_examples(now, archive, guide)
        learnt = OutOfFoldAnswers(out_of_fold(archive)).count
        comparison = comparing.kept(held_out, reviewed, learnt)
        self._models.set_comparison(name, names[0], comparing.summary(comparison), comparison)

    async def _compare_examples(self, now: Path, archive: Path, guide: Guide) -> Comparison | None:
        examples = read_examples(reviewed_examples(self._folder), guide.labels)
        if not examples:
            return None
        before, after = await self._judged(now, examples, guide), await self._judged(archive, examples, guide)
        return compare((name_of(now), before), (name_of(archive), after), list(guide.labels))

    async def _judged(self, model: Path, examples: Sequence[Sentence], guide: Guide) -> list[Verdict]:
        """Out of fold what the model learnt; asked what it did not."""
        from bot.engine.agent import TurnFailed

        known = OutOfFoldAnswers(out_of_fold(model))
        answers = {example.id: known.get(example) for example in examples}
        unseen = [example for example in examples if answers[example.id] is None]
        if unseen:
            agent = await load(model)
            asked = await ask(agent, unseen, TurnFailed, lambda number: self._check())
            answers |= {example.id: without_windows(answer) for example, answer in zip(unseen, asked, strict=True)}
        return [judge(example, answers[example.id] or Answer(FAILED), guide) for example in examples]

    def _progress(self, sets: dict[str, tuple[Sentence, ...]], start: int) -> Report:
        everything = sum(map(len, sets.values()))
        names = list(sets)
        share = (100 - _TRAINED) // 2

        def report(name: str, number: int) -> None:
            self._check()
            before = sum(len(sets[one]) for one in names[: names.index(name)])
            self._at("compare", start + share * (before + number) // everything)

        return report

    def _at(self, stage: str, done: int) -> None:
        self._stage, self._done = stage, max(self._done, done)
        self.jobs.progress(self._job.id, self._stage, self._done)

    def _check(self) -> None:
        if self._stopped.is_set():
            raise Stopped

    def _watch(self) -> None:
        usual = self.jobs.usual("train") or _USUAL
        while not self._over.wait(_EVERY):
            try:
                if not self.jobs.alive(self._job.id):
                    self._stopped.set()
                    self._end_training()
                elif self._process is not None and self._process.poll() is None:
                    # Between the stages nobody says how far it is: the clock does, by the last training's time.
                    passed = (time.monotonic() - self._started) / usual
                    self._at(self._stage, min(_TRAINED - 1, int(100 * passed)))
            except SQLAlchemyError:
                # The next sign of life may get through.
                continue

    def _end_training(self) -> None:
        process = self._process
        if process is not None and process.poll() is None and process.stdin is not None:
            with suppress(OSError):
                process.stdin.close()


def _figures(name: str, verdicts: Sequence[Verdict], areas: Sequence[str]) -> dict[str, Any]:
    return {one.name: asdict(one)["figures"] for one in score(name, verdicts, areas).sets}


def main() -> int:
    """0 when the job's row tells how it ended; 1 when there is no such job to be done."""
    data, number, *sources = sys.argv[1:]
    os.nice(_NICENESS)
    settings = Settings.from_environment(data=Path(data))
    job = Jobs(open_engine(settings.log_url, PATIENT_MS)).latest()
    if job is None or job.id != int(number) or not job.running:
        return 1
    Work(settings, job, [Path(source) for source in sources]).run()
    return 0


if __name__ == "__main__":
    sys.exit(main())
