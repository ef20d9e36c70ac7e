"""One turn of ours beside one turn of a stock Rasa set-up: time, memory and start-up, as ratios of one run.

    .venv/bin/python -m benchmarks.turn [--turns 80]

Rival: `rasa run` + `rasa run actions` (SpacyNLP ja_ginza, DIET, SQLite tracker store, REST channel), trained here on
the same issue areas; its actions ask the same directory. Both answer the same sentences, in turn, one after the other.
Memory is the resident set of the processes that answer (rival: server and action server). Needs the dev requirements.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import aiohttp
import psutil
import yaml

from bot.commands.db import prepare_databases
from bot.engine.client import EngineClient, EngineUnavailable
from bot.engine.training import train
from bot.settings import PROJECT, Settings

STOCK = PROJECT / "benchmarks" / "stock"
SENTENCES = [
    "父が夜中に何度も出ていこうとする。湘南台に住んでいます",
    "金曜まで300円しかない。何も食べてない",
    "息子が学校に行きたがらなくて、毎朝おなかが痛いと言います",
    "隣のおばあさんの家にごみがあふれていて心配です",
    "仕事を辞めてから家賃が払えていません。来月には出ていってほしいと言われました",
    "赤ちゃんが泣きやまなくて、私も一緒に泣いています",
    "母の入れ歯が合わなくて、あまり食べてくれません",
    "引っ越してきたばかりで、話す人がいません",
]
STOCK_PORT, ACTION_PORT = 8217, 8218
PYTHON = [sys.executable, "-W", "ignore", "-m"]


def prepare_stock(folder: Path) -> Path:
    """Write the rival's domain, rules and data (the issue area is the intent) and train it; returns the model."""
    examples: dict[str, list[str]] = {}
    for path in sorted((PROJECT / "data" / "nlu").glob("*.yml")):
        for group in yaml.safe_load(path.read_text(encoding="utf-8"))["nlu"]:
            for example in group["examples"]:
                areas = (example.get("metadata") or {}).get("areas")
                if group["intent"] == "worry" and areas and len(areas) == 1:
                    examples.setdefault(areas[0], []).append(re.sub(r"\s+", " ", example["text"]).strip())
    nlu = [
        {"intent": area, "examples": "".join(f"- {text}\n" for text in texts[:12])} for area, texts in examples.items()
    ]
    rules = [{"rule": area, "steps": [{"intent": area}, {"action": "action_route"}]} for area in examples]
    domain = {
        "version": "3.1",
        "intents": list(examples),
        "actions": ["action_route"],
        "slots": {"triage": {"type": "any", "mappings": [{"type": "custom"}]}},
    }
    (folder / "data").mkdir()
    (folder / "domain.yml").write_text(yaml.safe_dump(domain, allow_unicode=True), encoding="utf-8")
    (folder / "data" / "nlu.yml").write_text(
        yaml.safe_dump({"version": "3.1", "nlu": nlu}, allow_unicode=True), "utf-8"
    )
    (folder / "data" / "rules.yml").write_text(
        yaml.safe_dump({"version": "3.1", "rules": rules}, allow_unicode=True), "utf-8"
    )
    endpoints = {
        "action_endpoint": {"url": f"http://127.0.0.1:{ACTION_PORT}/webhook"},
        "tracker_store": {"type": "SQL", "dialect": "sqlite", "url": f"sqlite:///{folder / 'tracker.db'}"},
    }
    (folder / "endpoints.yml").write_text(yaml.safe_dump(endpoints), encoding="utf-8")
    (folder / "credentials.yml").write_text("rest:\n", encoding="utf-8")
    run = [*PYTHON, "rasa", "train", "--config", str(STOCK / "config.yml"), "--fixed-model-name", "stock"]
    subprocess.run(run, cwd=folder, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return folder / "models" / "stock.tar.gz"


@contextmanager
def running(*commands: tuple[list[str], Path]) -> Iterator[list[psutil.Process]]:
    """Processes for the length of a block."""
    started = [
        subprocess.Popen(
            c,
            cwd=cwd,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "PYTHONPATH": str(PROJECT)},
        )
        for c, cwd in commands
    ]
    try:
        yield [psutil.Process(process.pid) for process in started]
    finally:
        for process in started:
            process.terminate()
        for process in started:
            process.wait(30)


async def stock_turn(session: aiohttp.ClientSession, sender: str, text: str) -> bool:
    """One turn of the rival; False while it is not up or did not answer."""
    try:
        url = f"http://127.0.0.1:{STOCK_PORT}/webhooks/rest/webhook"
        async with session.post(url, json={"sender": sender, "message": text}) as response:
            return response.status == 200 and bool(await response.json())
    except aiohttp.ClientError:
        return False


async def our_turn(client: EngineClient, sender: str, text: str) -> bool:
    """One turn of ours; False while the engine is not up."""
    try:
        return bool((await client.turn(sender, text))["messages"])
    except EngineUnavailable:
        return False


async def until_answered(turn: Callable[[], Awaitable[bool]]) -> None:
    """Ask until the first answer comes."""
    while not await turn():  # noqa: ASYNC110 - another process answers, there is no event to wait for
        await asyncio.sleep(0.1)


def megabytes(processes: list[psutil.Process]) -> float:
    """Resident memory of processes with their children."""
    whole = [p for process in processes for p in (process, *process.children(recursive=True))]
    return sum(p.memory_info().rss for p in whole) / 2**20


async def measure(turns: int) -> None:
    """Run both, print the figures."""
    folder = Path(tempfile.mkdtemp(prefix="tsunagu-benchmark-"))
    settings = Settings.from_environment({}, data=folder / "data")
    prepare_databases(settings)
    os.environ["TSUNAGU_DIRECTORY_URL"] = settings.directory_url
    os.environ["RASA_TELEMETRY_ENABLED"] = "false"
    os.environ["SQLALCHEMY_SILENCE_UBER_WARNING"] = "1"
    model = train(Settings.from_environment().models, print)
    rival = folder / "stock"
    rival.mkdir()
    print("training the stock rival …")
    stock_model = prepare_stock(rival)
    socket = folder / "e.sock"
    ours_command = ([*PYTHON, "bot.engine", str(model), str(socket), settings.log_url], PROJECT)
    stock_commands = (
        ([*PYTHON, "rasa", "run", "-m", str(stock_model), "--endpoints", "endpoints.yml",
          "--credentials", "credentials.yml", "-i", "127.0.0.1", "-p", str(STOCK_PORT)], rival),
        ([*PYTHON, "rasa_sdk", "--actions", "benchmarks.stock.actions", "--port", str(ACTION_PORT)], PROJECT),
    )  # fmt: skip
    async with aiohttp.ClientSession() as session, EngineClient(socket) as client:
        began = time.perf_counter()
        with running(ours_command) as ours:
            await until_answered(lambda: our_turn(client, "start", SENTENCES[0]))
            our_start = time.perf_counter() - began
            began = time.perf_counter()
            with running(*stock_commands) as stock:
                await until_answered(lambda: stock_turn(session, "start", SENTENCES[0]))
                stock_start = time.perf_counter() - began
                our_times, stock_times = [], []
                for number in range(turns):
                    # A conversation of eight turns, then a new one: as residents have them.
                    text, sender = SENTENCES[number % len(SENTENCES)], f"talk-{number // len(SENTENCES)}"
                    began = time.perf_counter()
                    assert await our_turn(client, sender, text)
                    our_times.append(time.perf_counter() - began)
                    began = time.perf_counter()
                    assert await stock_turn(session, sender, text)
                    stock_times.append(time.perf_counter() - began)
                our_memory, stock_memory, server = megabytes(ours), megabytes(stock), megabytes(stock[:1])
    mine, theirs = statistics.median(our_times) * 1000, statistics.median(stock_times) * 1000
    print(f"{'':24}{'つなぐ':>10}{'stock':>10}{'ratio':>8}")
    print(f"{'median turn (ms)':24}{mine:>10.1f}{theirs:>10.1f}{mine / theirs:>8.2f}")
    print(f"{'memory (MB)':24}{our_memory:>10.0f}{stock_memory:>10.0f}{our_memory / stock_memory:>8.2f}")
    print(f"{'  without action server':24}{our_memory:>10.0f}{server:>10.0f}{our_memory / server:>8.2f}")
    print(f"{'start to answer (s)':24}{our_start:>10.1f}{stock_start:>10.1f}{our_start / stock_start:>8.2f}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--turns", type=int, default=80)
    asyncio.run(measure(parser.parse_args().turns))
