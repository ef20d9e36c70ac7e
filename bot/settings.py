"""Where things are and how the service is reached: read once from the environment, shared by every process."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

PROJECT = Path(__file__).resolve().parent.parent
TOKYO = ZoneInfo("Asia/Tokyo")
DEFAULT_PORT = 8100
#: Residents are promised that their words go after so many days: fewer may be set, never more.
KEEP_DAYS = 90


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything an administrator may set. Every field has one environment variable, named in `from_environment`."""

    data: Path
    host: str = "127.0.0.1"
    port: int = DEFAULT_PORT
    database: str | None = None
    origins: frozenset[str] = frozenset()
    trusted_proxy: bool = False
    keep_days: int = KEEP_DAYS

    @classmethod
    def from_environment(
        cls,
        environ: Mapping[str, str] | None = None,
        *,
        data: Path | None = None,
        port: int | None = None,
    ) -> Settings:
        """Read TSUNAGU_DATA, TSUNAGU_HOST, TSUNAGU_PORT, TSUNAGU_DATABASE, TSUNAGU_ORIGINS, TSUNAGU_TRUSTED_PROXY
        and TSUNAGU_KEEP_DAYS.

        `data` and `port` given by option win. Raises ValueError in plain words when a value cannot be used.
        """
        env = os.environ if environ is None else environ
        raw_port = str(port if port is not None else env.get("TSUNAGU_PORT") or DEFAULT_PORT)
        if not raw_port.isdigit() or not 0 < int(raw_port) < 65536:
            raise ValueError(f"ポート番号は 1 から 65535 の数字にしてください: {raw_port}")
        raw_days = env.get("TSUNAGU_KEEP_DAYS") or str(KEEP_DAYS)
        if not raw_days.isdigit() or not 0 < int(raw_days) <= KEEP_DAYS:
            raise ValueError(f"会話を残す日数は 1 から {KEEP_DAYS} の数字にしてください: {raw_days}")
        return cls(
            data=(data or Path(env.get("TSUNAGU_DATA") or PROJECT / "var")).expanduser().resolve(),
            host=env.get("TSUNAGU_HOST") or "127.0.0.1",
            port=int(raw_port),
            database=env.get("TSUNAGU_DATABASE") or None,
            origins=frozenset((env.get("TSUNAGU_ORIGINS") or "").split()),
            trusted_proxy=env.get("TSUNAGU_TRUSTED_PROXY") == "1",
            keep_days=int(raw_days),
        )

    @property
    def directory_url(self) -> str:
        """Database URL of the agency directory (SQLite file in the data folder unless TSUNAGU_DATABASE is set)."""
        return self.database or f"sqlite:///{self.data / 'directory.db'}"

    @property
    def log_url(self) -> str:
        """Database URL of the logbook: apart from the directory on SQLite, the same database on PostgreSQL."""
        return self.database or f"sqlite:///{self.data / 'logbook.db'}"

    @property
    def models(self) -> Path:
        """Folder of the trained models."""
        return self.data / "models"
