"""The desk as a clerk types, beside residents who are served at a steady rate: medians of one run.

    .venv/bin/python -m benchmarks.desk [--seconds 20] [--rounds 2] [--rate 4] [--desks 1]

A whole service is started on this machine (engine and web tier, a data folder of its own). Rounds alternate: residents
alone, then the same residents with clerks who type, each asking again a quarter of a second after an answer. A desk's
figure is the time from the request of a keystroke to its ranked windows; the page's own pause (250 ms) comes before it.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import secrets
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from itertools import cycle
from pathlib import Path

import aiohttp

from bot.commands.db import prepare_databases
from bot.engine.training import train
from bot.settings import PROJECT, Settings
from bot.staff.audit import TERMINAL
from bot.staff.register import StaffRegister
from bot.staff.roles import Role

TYPED = (
    "79歳の母が夜中に何度も出ていこうとします。仕事を辞めて介護しているので家賃も払えていません。湘南台です",
    "息子が学校に行きたがらなくて、毎朝おなかが痛いと言います。夫とはそのことでけんかばかりです",
    "隣のおばあさんの家にごみがあふれています。声をかけても出てきてくれません。善行です",
)
SAID = (
    "父が夜中に何度も出ていこうとする。湘南台に住んでいます",
    "金曜まで300円しかない。何も食べてない",
    "赤ちゃんが泣きやまなくて、私も一緒に泣いています",
    "引っ越してきたばかりで、話す人がいません",
)
PAUSE = 0.25
#: Characters between two answers: a quick typist's quarter of a second and more.
STEP = 4
PORT = 8219


@dataclass
class Times:
    """Milliseconds by who waited for them."""

    residents: list[float] = field(default_factory=list)
    desks: list[float] = field(default_factory=list)


async def resident(session: aiohttp.ClientSession, text: str, number: int, times: list[float]) -> None:
    """One first message, from an address of its own: the limit of messages counts by address."""
    address = f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"
    began = time.perf_counter()
    body = {"conversation": None, "text": text}
    async with session.post("/api/v1/chat", json=body, headers={"X-Forwarded-For": address}) as response:
        assert response.status == 200, await response.text()
        assert (await response.json())["model"] != "safety"
    times.append((time.perf_counter() - began) * 1000)


async def residents(session: aiohttp.ClientSession, rate: float, seconds: float, times: list[float]) -> None:
    """`rate` messages a second, sent when their time has come, whether or not the ones before are answered."""
    began, sent = time.perf_counter(), []
    for number, text in zip(range(int(rate * seconds)), cycle(SAID), strict=False):
        await asyncio.sleep(max(0.0, began + number / rate - time.perf_counter()))
        sent.append(asyncio.create_task(resident(session, text, secrets.randbits(24), times)))
    await asyncio.gather(*sent)


async def desk(url: str, token: str, seconds: float, times: list[float]) -> None:
    """A clerk who types one worry after the other."""
    until = time.perf_counter() + seconds
    async with aiohttp.ClientSession(url, cookies={"tsunagu-staff": token}) as session:
        for text in cycle(TYPED):
            for length in range(STEP, len(text), STEP):
                if time.perf_counter() > until:
                    return
                began = time.perf_counter()
                body = {"text": text[:length], "choices": {}}
                async with session.post("/api/v1/staff/understand", json=body) as response:
                    assert response.status == 200, await response.text()
                    assert (await response.json())["ranked"]["windows"]
                times.append((time.perf_counter() - began) * 1000)
                await asyncio.sleep(PAUSE)


async def until_ready(session: aiohttp.ClientSession) -> None:
    """Wait until the engine answers."""
    while True:
        try:
            async with session.get("/readyz") as response:
                if (await response.json())["engine"]:
                    return
        except aiohttp.ClientError:
            pass
        await asyncio.sleep(0.3)


def tokens(settings: Settings, count: int) -> list[str]:
    """Clerks who are signed in."""
    register = StaffRegister(settings.log_url)
    names = [f"desk{number}" for number in range(count)]
    record = register.recording(TERMINAL, "account.add")
    made = [register.accounts.add(name, secrets.token_urlsafe(20), Role.STAFF, "", record) for name in names]
    signed_in = [register.sessions.start(account) for account in made]
    register.close()
    return signed_in


async def measure(seconds: float, rounds: int, rate: float, desks: int) -> None:
    """Start the service, measure, print."""
    folder = Path(tempfile.mkdtemp(prefix="tsunagu-desk-"))
    settings = Settings.from_environment({}, data=folder)
    model = train(Settings.from_environment().models, print)
    settings.models.mkdir()
    shutil.copy(model, settings.models)
    prepare_databases(settings)
    signed_in = tokens(settings, desks)
    environment = {**os.environ, "TSUNAGU_DATA": str(folder), "TSUNAGU_TRUSTED_PROXY": "1"}
    command = [sys.executable, "-W", "ignore", "-m", "bot.cli", "up", "--port", str(PORT)]
    silent = subprocess.DEVNULL
    service = await asyncio.create_subprocess_exec(*command, cwd=PROJECT, env=environment, stdout=silent, stderr=silent)
    url = f"http://127.0.0.1:{PORT}"
    alone, together = Times(), Times()
    try:
        async with aiohttp.ClientSession(url) as session:
            await until_ready(session)
            await residents(session, rate, 3, [])
            await asyncio.gather(*(desk(url, token, 3, []) for token in signed_in))
            for _ in range(rounds):
                await residents(session, rate, seconds, alone.residents)
                await asyncio.gather(
                    residents(session, rate, seconds, together.residents),
                    *(desk(url, token, seconds, together.desks) for token in signed_in),
                )
    finally:
        service.terminate()
        await service.wait()
        shutil.rmtree(folder)
    print(f"{os.cpu_count()} cores, {rate:g} residents a second, {desks} clerk(s) typing")
    show("desk: keystroke to windows", together.desks)
    show("resident without the desk", alone.residents)
    show("resident with the desk", together.residents)
    ratio = statistics.median(together.residents) / statistics.median(alone.residents)
    print(f"{'resident with / without':30}{ratio:8.2f}")


def show(name: str, times: list[float]) -> None:
    """One line of figures."""
    cuts = statistics.quantiles(times, n=20)
    print(f"{name:30}{statistics.median(times):8.1f} ms median {cuts[-1]:8.1f} ms 95 % {len(times):6} requests")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--rate", type=float, default=4)
    parser.add_argument("--desks", type=int, default=1)
    given = parser.parse_args()
    asyncio.run(measure(given.seconds, given.rounds, given.rate, given.desks))
