"""A model in shadow hears what residents write, after they were answered; what it would have said otherwise is noted.

Nobody waits for it and nobody sees its answers. It hears one message at a time; a message that comes while it is busy
is dropped, and with it the rest of that conversation, which it could not follow any more.
"""

from __future__ import annotations

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, Protocol

from sqlalchemy import Engine, delete, func, insert, select, update

from bot.engine.client import EngineClient, EngineUnavailable
from bot.learning.model_records import Disagreement
from bot.logbook.models import StoredTurn
from bot.staff.clock import Clock, now

JSON = dict[str, Any]

#: Which of the two was right, said by an operator.
VERDICTS: Final = {"service": "いまのモデル", "shadow": "候補", "both": "どちらでもよい", "neither": "どちらも違う"}
#: What differs, the most important first.
WHAT: Final = {"crisis": "危機", "scope": "対象外かどうか", "area": "いちばんの分野", "window": "最初の窓口"}
_FOLLOWED = 5000
_STORED_WITHIN = timedelta(days=1)

_log = logging.getLogger(__name__)


class ShadowEngine(Protocol):
    """Where the client of the engine in shadow is found (bot.engine.blue_green.Engines)."""

    @property
    def shadow_client(self) -> EngineClient | None:
        """None while there is none."""


@dataclass(frozen=True, slots=True)
class Different:
    """A turn answered differently. `number`: its place in the conversation; `text`: masked, from the log."""

    id: int
    at: datetime
    turn: str
    conversation: str
    number: int
    text: str
    model: str
    shadow: str
    what: str
    said: JSON
    shadow_said: JSON
    verdict: str


class Disagreements:
    """What was noted. Safe to share between threads. Methods raise SQLAlchemyError when the database is away."""

    def __init__(self, engine: Engine, clock: Clock = now) -> None:
        """`engine`: the log database."""
        self._engine = engine
        self._clock = clock

    def add(self, turn: str, said: JSON, shadow_said: JSON) -> str | None:
        """Note a turn if the replies differ; returns in what (a key of WHAT)."""
        one, other = essence(said), essence(shadow_said)
        what = difference(one, other)
        if what is not None:
            row = insert(Disagreement).values(
                at=self._clock(), turn_id=turn, model=said["model"], shadow=shadow_said["model"], what=what,
                said=one, shadow_said=other, verdict="", judged_by=None,
            )  # fmt: skip
            with self._engine.begin() as connection:
                connection.execute(row)
        return what

    def of(self, shadow: str, limit: int = 100) -> list[Different]:
        """Those of a model in shadow whose turn is in the log; not yet judged ones first, then newest first."""
        found = (
            select(Disagreement.__table__, StoredTurn.text, StoredTurn.conversation_id, StoredTurn.number)
            .join(StoredTurn, StoredTurn.id == Disagreement.turn_id)
            .where(Disagreement.shadow == shadow)
            .order_by(Disagreement.verdict != "", Disagreement.id.desc())
            .limit(limit)
        )
        with self._engine.connect() as connection:
            return [
                Different(
                    row.id, row.at, row.turn_id, row.conversation_id, row.number, row.text, row.model, row.shadow,
                    row.what, row.said, row.shadow_said, row.verdict,
                )
                for row in connection.execute(found)
            ]  # fmt: skip

    def forget_gone(self) -> None:
        """Drop what was noted of turns that are gone; a young turn may only not be stored yet."""
        gone = Disagreement.turn_id.not_in(select(StoredTurn.id)), Disagreement.at < self._clock() - _STORED_WITHIN
        with self._engine.begin() as connection:
            connection.execute(delete(Disagreement).where(*gone))

    def counts(self, shadow: str) -> dict[str, int]:
        """What differs → how often."""
        query = select(Disagreement.what, func.count()).where(Disagreement.shadow == shadow).group_by(Disagreement.what)
        with self._engine.connect() as connection:
            return dict(connection.execute(query).tuples().all())

    def judge(self, id: int, verdict: str, who: str) -> bool:
        """An operator says who was right (a key of VERDICTS); False where there is no such turn."""
        row = update(Disagreement).where(Disagreement.id == id).values(verdict=verdict, judged_by=who)
        with self._engine.begin() as connection:
            return connection.execute(row).rowcount > 0


class Shadow:
    """Passes turns on to the engine in shadow. Belongs to one event loop."""

    def __init__(self, engines: ShadowEngine | None, noted: Disagreements, over: Callable[[], bool]) -> None:
        """`over`: whether its time is up."""
        self._engines = engines
        self._noted = noted
        self._over = over
        self._followed: OrderedDict[str, None] = OrderedDict()
        self._task: asyncio.Task[None] | None = None
        #: Turns heard since the start of this process.
        self.heard = 0

    def offer(self, conversation: str, turn: str | None, text: str, said: JSON | None, *, fresh: bool) -> None:
        """A turn that was answered with `said` (None: without the engine). `fresh`: the first of its conversation."""
        client = self._engines.shadow_client if self._engines else None
        followed = fresh or conversation in self._followed
        self._followed.pop(conversation, None)
        busy = self._task is not None and not self._task.done()
        if client is None or not followed or busy or said is None or turn is None or self._over():
            return
        self._followed[conversation] = None
        if len(self._followed) > _FOLLOWED:
            self._followed.popitem(last=False)
        self._task = asyncio.create_task(self._hear(client, conversation, turn, text, said))

    async def forget(self, conversation: str) -> None:
        """The resident erased the conversation."""
        self._followed.pop(conversation, None)
        client = self._engines.shadow_client if self._engines else None
        if client is not None:
            await self.idle()
            try:
                await client.forget(conversation)
            except EngineUnavailable:
                _log.info("the engine in shadow is away; it keeps nothing on disk")

    async def idle(self) -> None:
        """Wait until nothing is being heard."""
        if self._task is not None:
            await asyncio.wait({self._task})

    async def _hear(self, client: EngineClient, conversation: str, turn: str, text: str, said: JSON) -> None:
        try:
            shadow_said = await client.turn(conversation, text)
            self.heard += 1
            await asyncio.to_thread(self._noted.add, turn, said, shadow_said)
        except Exception as error:
            # Nothing of the shadow may ever disturb the service.
            self._followed.pop(conversation, None)
            _log.info("a turn was not compared: %s", type(error).__name__)


def essence(reply: JSON) -> JSON:
    """What is compared of a reply; no word of anybody is in it."""
    triage = reply.get("triage") or {}
    windows = triage.get("windows") or [{}]
    return {
        "kind": reply["kind"],
        "areas": [[area["id"], area["score"]] for area in triage.get("areas", ())],
        "crisis": triage.get("crisis", "none"),
        "out_of_scope": bool(triage.get("out_of_scope")),
        "window": windows[0].get("id"),
    }


def difference(one: JSON, other: JSON) -> str | None:
    """The most important thing in which two replies differ (a key of WHAT); None: in none."""
    if one["crisis"] != other["crisis"]:
        return "crisis"
    if one["out_of_scope"] != other["out_of_scope"]:
        return "scope"
    best = [said["areas"][0][0] if said["areas"] else None for said in (one, other)]
    if best[0] != best[1]:
        return "area"
    return "window" if one["window"] != other["window"] else None
