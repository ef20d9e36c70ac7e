"""The service from outside: what its residents see, and what /readyz says."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from itertools import count, cycle
from typing import Any
from urllib.request import Request, urlopen

from bot.settings import Settings

_PATIENCE = 120
_WORRY = "父が夜中に何度も出ていこうとします"
# A worry, what only those can answer who remember it, and something new on top.
_TALK = (_WORRY, "電話番号は?", "学校に行けない子のことも困っています", "ほかには?")
_addresses = count(1)


@dataclass(frozen=True)
class Town:
    """A running service. `model`: the name of the one that it started with."""

    url: str
    settings: Settings
    model: str

    def say(self, text: str, conversation: str | None = None) -> dict[str, Any]:
        """One message of a resident with an address of their own; the reply. Raises OSError for anything but 200."""
        body = json.dumps({"conversation": conversation, "text": text}).encode()
        number = next(_addresses)
        address = f"10.{number // 65536 % 256}.{number // 256 % 256}.{number % 256}"
        headers = {"Content-Type": "application/json", "X-Forwarded-For": address}
        with urlopen(Request(f"{self.url}/api/v1/chat", body, headers), timeout=30) as response:
            reply: dict[str, Any] = json.load(response)
            return reply

    def status(self) -> dict[str, Any]:
        """What /readyz says."""
        with urlopen(f"{self.url}/readyz", timeout=30) as response:
            found: dict[str, Any] = json.load(response)
            return found

    def wait(self, reached: Callable[[dict[str, Any]], bool]) -> None:
        """Until `status` is as wanted."""
        until = time.monotonic() + _PATIENCE
        while True:
            with suppress(OSError):
                if reached(self.status()):
                    return
            assert time.monotonic() < until, "the service did not get there"
            time.sleep(0.2)


@dataclass
class Resident:
    """Writes without a pause, in one conversation after the other."""

    town: Town
    heard: list[tuple[str, str, dict[str, Any]]] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)
    stop: threading.Event = field(default_factory=threading.Event)

    def write(self) -> None:
        """To the end of the talk in which `stop` was set."""
        conversation = None
        for text in cycle(_TALK):
            if text == _WORRY:
                conversation = None
                if self.stop.is_set():
                    return
            try:
                reply = self.town.say(text, conversation)
            except OSError as error:
                self.lost.append(f"{text}: {error}")
                continue
            conversation = reply["conversation"]
            self.heard.append((conversation, text, reply))


@contextmanager
def residents_writing(town: Town, number: int = 3) -> Iterator[list[Resident]]:
    """Residents who write all the while, each in one talk after the other."""
    residents = [Resident(town) for _ in range(number)]
    threads = [threading.Thread(target=one.write) for one in residents]
    for thread in threads:
        thread.start()
    try:
        yield residents
    finally:
        for one in residents:
            one.stop.set()
        for thread in threads:
            thread.join()
