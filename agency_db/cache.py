"""One snapshot a process: read again when the directory changed, kept when the database is gone."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from agency_db.directory import Directory
from agency_db.snapshot import read_directory, read_revision

_LOG = logging.getLogger(__name__)
_CHECK_S = 1.0
_RETRY_S = 5.0


class DirectoryUnavailable(RuntimeError):
    """The directory could not be read even once in this process."""


class DirectoryCache:
    """Gives the newest snapshot. Safe for several threads; one of them reads, the others go on with the last one."""

    def __init__(self, engine: Engine, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._engine = engine
        self._clock = clock
        self._lock = threading.Lock()
        self._directory: Directory | None = None
        self._next_check = 0.0

    def get(self) -> Directory:
        """The snapshot, at most a second behind the database; the last one while the database cannot be read.

        Raises DirectoryUnavailable when there is none yet.
        """
        directory = self._directory
        if directory is not None and self._clock() < self._next_check:
            return directory
        if not self._lock.acquire(blocking=directory is None) and directory is not None:
            return directory
        try:
            return self._refreshed()
        finally:
            self._lock.release()

    def _refreshed(self) -> Directory:
        try:
            if self._directory is None or read_revision(self._engine) != self._directory.revision:
                self._directory = read_directory(self._engine)
            self._next_check = self._clock() + _CHECK_S
        except (SQLAlchemyError, ValueError) as error:
            self._next_check = self._clock() + _RETRY_S
            _LOG.warning("the directory cannot be read: %s", type(error).__name__)
            if self._directory is None:
                raise DirectoryUnavailable("案内先の台帳を読めません") from error
        return self._directory
