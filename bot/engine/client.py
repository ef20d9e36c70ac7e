"""The web tier's view of the engine: turns in, replies out, over a Unix socket that only this user can open."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Any

import aiohttp

JSON = dict[str, Any]


class EngineUnavailable(Exception):
    """The engine is starting, restarting, gone or too slow; the caller answers with `bot.safety`."""


class EngineClient:
    """Ask one engine process. Safe to share between tasks; opens its connections lazily."""

    def __init__(self, socket: Path, *, timeout: float = 8.0) -> None:
        """`socket`: path of the engine's Unix socket; `timeout`: seconds until a turn counts as lost."""
        self._socket = socket
        self._timeout = aiohttp.ClientTimeout(total=timeout)
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> EngineClient:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def close(self) -> None:
        """Close the connections."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def turn(self, conversation: str, text: str) -> JSON:
        """One message of a conversation; returns a reply of the contract (kind, messages, triage, model)."""
        return await self._post("/turn", {"conversation": conversation, "text": text})

    async def triage(self, text: str, place: str | None = None, at: datetime | None = None) -> JSON:
        """Triage of one text without a conversation; returns a reply of the contract.

        Besides, `understood` holds {"situation": condition ids in the text, "likely": areas worth asking about}.
        """
        return await self._post("/triage", {"text": text, "place": place, "at": at.isoformat() if at else None})

    async def forget(self, conversation: str) -> None:
        """Drop the state of a conversation (the resident erased it)."""
        await self._post("/forget", {"conversation": conversation})

    async def status(self) -> JSON:
        """{"ready": true, "model": name}; raises EngineUnavailable while nothing listens."""
        return await self._post("/status", {})

    async def _post(self, path: str, body: JSON) -> JSON:
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.UnixConnector(path=str(self._socket)), timeout=self._timeout
            )
        try:
            async with self._session.post(f"http://engine{path}", json=body) as response:
                if response.status != 200:
                    raise EngineUnavailable(f"engine answered {response.status}")
                answer: JSON = await response.json()
                return answer
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise EngineUnavailable(type(error).__name__) from error
