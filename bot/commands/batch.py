"""`tsunagu triage` and `tsunagu converse`: JSON lines in, JSON lines out, nothing else on standard output."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Awaitable, Callable
from datetime import datetime
from pathlib import Path
from typing import Any, TextIO

from bot.commands.db import prepare_databases
from bot.commands.output import answers_only, report
from bot.commands.train import not_trained
from bot.engine.training import TrainingFailed
from bot.engine.training import train as train_model
from bot.learning.serving import model_to_serve
from bot.settings import Settings

JSON = dict[str, Any]


class BadLine(ValueError):
    """A line that is not what the contract describes; the message is Japanese and goes into its `error`."""


async def triage(settings: Settings, source: Path | None) -> int:
    """`{"id", "text", "place"?, "at"?}` gives `{"id", "kind", "triage"}`."""
    return await _answer_lines(settings, source, _triage_line)


async def converse(settings: Settings, source: Path | None) -> int:
    """`{"id", "turns": [...]}` gives `{"id", "replies": [...]}`."""
    return await _answer_lines(settings, source, _converse_line)


async def _triage_line(agent: Any, line: JSON) -> JSON:
    text = _string(line, "text")
    metadata = {key: _string(line, key) for key in ("place", "at") if line.get(key) is not None}
    if "at" in metadata:
        _check_moment(metadata["at"])
    reply = await agent.once(text, metadata)
    return {"kind": reply["kind"], "triage": reply["triage"]}


async def _converse_line(agent: Any, line: JSON) -> JSON:
    turns = line.get("turns")
    if not isinstance(turns, list) or not all(isinstance(turn, str) for turn in turns):
        raise BadLine("turns は文字列の並びにしてください")
    conversation = "line"
    agent.store.evict(conversation)
    replies = [await agent.turn(conversation, turn) for turn in turns]
    agent.store.evict(conversation)
    return {"replies": replies}


async def _answer_lines(settings: Settings, source: Path | None, answer: Callable[[Any, JSON], Awaitable[JSON]]) -> int:
    out = answers_only()
    try:
        prepare_databases(settings)
        # The same model that residents talk to, if there is one.
        model = model_to_serve(settings.models)
        if not model.exists():
            model = train_model(settings.models, report)
    except TrainingFailed as failure:
        return not_trained(failure)
    from bot.engine.agent import TriageAgent

    agent = await TriageAgent.load(model)
    with contextlib.ExitStack() as stack:
        try:
            lines = stack.enter_context(_opened(source))
        except OSError as error:
            report(f"ファイルを読めません: {source}({error.strerror})")
            return 2
        for raw in filter(str.strip, lines):
            print(json.dumps(await _one(agent, raw, answer), ensure_ascii=False), file=out, flush=True)
    return 0


def _opened(source: Path | None) -> TextIO:
    """The file, or standard input."""
    return open(source or 0, encoding="utf-8", errors="replace", closefd=source is not None)


async def _one(agent: Any, raw: str, answer: Callable[[Any, JSON], Awaitable[JSON]]) -> JSON:
    from bot.engine.agent import TurnFailed

    identity: Any = None
    try:
        line = json.loads(raw.lstrip("\ufeff"))
        if not isinstance(line, dict):
            raise BadLine("1行は JSON のオブジェクトにしてください")
        identity = line.get("id")
        return {"id": identity, **await answer(agent, line)}
    except (json.JSONDecodeError, RecursionError):
        return {"id": None, "error": "JSON として読めません"}
    except BadLine as error:
        return {"id": identity, "error": str(error)}
    except TurnFailed as error:
        return {"id": identity, "error": f"答えられませんでした({error})"}


def _string(line: JSON, key: str) -> str:
    value = line.get(key)
    if not isinstance(value, str):
        raise BadLine(f"{key} は文字列にしてください")
    return value


def _check_moment(value: str) -> None:
    try:
        datetime.fromisoformat(value)
    except ValueError:
        raise BadLine("at は 2026-11-24T10:00 のように書いてください") from None
