"""A waiting room on disk for records that the database cannot take: space reserved beforehand, order kept.

Layout: a file header (magic, generation), then records, each with a header of its own (magic, generation, length,
CRC-32) and a JSON line. Emptying raises the generation, which makes every old record invalid at once: the file never
shrinks, and a full disk cannot stop the next record. A torn write (power, kill -9) fails its CRC and is skipped.
"""

from __future__ import annotations

import errno
import fcntl
import json
import os
import struct
import threading
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Any

JSON = dict[str, Any]

#: Bytes reserved: about ten thousand turns.
RESERVED = 8 * 1024 * 1024

_FILE_MAGIC = b"TSPOOL1\n"
_FILE_HEADER = struct.Struct("<8sQ")
_RECORD_MAGIC = 0x54524543
_RECORD_HEADER = struct.Struct("<IQII")
_LOCAL_LOCK = threading.Lock()


class SpoolFull(OSError):
    """The reserved space is used up and the disk gives no more."""


class Spool:
    """Records of one file, oldest first. Safe between threads and processes (flock)."""

    def __init__(self, path: Path) -> None:
        """Open or create the file and reserve its space. Raises OSError when that cannot be done."""
        path.parent.mkdir(parents=True, exist_ok=True)
        self._path = path
        self._fd = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        # Where the last record seen ends, and in which generation: appending need not read everything again.
        self._end, self._end_of = _FILE_HEADER.size, 0
        with self._locked():
            if os.fstat(self._fd).st_size < RESERVED:
                os.posix_fallocate(self._fd, 0, RESERVED)
            if os.pread(self._fd, len(_FILE_MAGIC), 0) != _FILE_MAGIC:
                self._write(_FILE_HEADER.pack(_FILE_MAGIC, 1), 0)

    def append(self, record: JSON) -> None:
        """Keep a record; it is on the disk when this returns. Raises SpoolFull."""
        payload = json.dumps(record, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
        with self._locked():
            generation = self._generation()
            end = self._end if self._end_of == generation else _FILE_HEADER.size
            for offset, length, _ in self._scan(generation, end):
                end = offset + length
            total = _RECORD_HEADER.size + len(payload)
            self._reserve(end + total)
            header = _RECORD_HEADER.pack(_RECORD_MAGIC, generation, len(payload), zlib.crc32(payload))
            self._write(header + payload, end)
            self._end, self._end_of = end + total, generation

    def read(self, limit: int) -> list[JSON]:
        """The oldest `limit` records."""
        with self._locked():
            return [record for _, _, record in islice(self._records(), limit)]

    def __len__(self) -> int:
        with self._locked():
            return sum(1 for _ in self._records())

    def drop(self, done: Callable[[JSON], bool]) -> int:
        """Wipe the records for which `done` holds and return how many; an emptied spool starts afresh."""
        with self._locked():
            dropped, left = 0, 0
            for offset, length, record in list(self._records()):
                if done(record):
                    # Zeros over the words; the header stays, so that what follows can still be found.
                    os.pwrite(self._fd, bytes(length - _RECORD_HEADER.size), offset + _RECORD_HEADER.size)
                    dropped += 1
                else:
                    left += 1
            os.fdatasync(self._fd)
            if dropped and not left:
                self._write(_FILE_HEADER.pack(_FILE_MAGIC, self._generation() + 1), 0)
            return dropped

    def close(self) -> None:
        """Close the file."""
        os.close(self._fd)

    @contextmanager
    def _locked(self) -> Iterator[None]:
        with _LOCAL_LOCK:
            fcntl.flock(self._fd, fcntl.LOCK_EX)
            try:
                yield
            finally:
                fcntl.flock(self._fd, fcntl.LOCK_UN)

    def _generation(self) -> int:
        generation: int = _FILE_HEADER.unpack(os.pread(self._fd, _FILE_HEADER.size, 0))[1]
        return generation

    def _records(self) -> Iterator[tuple[int, int, JSON]]:
        """(offset, length with header, record) of every whole record."""
        for offset, length, payload in self._scan(self._generation(), _FILE_HEADER.size):
            if payload is not None:
                yield offset, length, json.loads(payload)

    def _scan(self, generation: int, offset: int) -> Iterator[tuple[int, int, bytes | None]]:
        """Like `_records`, from an offset on, with None for records that are wiped or torn."""
        size = os.fstat(self._fd).st_size
        while offset + _RECORD_HEADER.size <= size:
            header = os.pread(self._fd, _RECORD_HEADER.size, offset)
            magic, of, length, checksum = _RECORD_HEADER.unpack(header)
            if magic != _RECORD_MAGIC or of != generation or offset + _RECORD_HEADER.size + length > size:
                return
            payload = os.pread(self._fd, length, offset + _RECORD_HEADER.size)
            yield offset, _RECORD_HEADER.size + length, payload if zlib.crc32(payload) == checksum else None
            offset += _RECORD_HEADER.size + length

    def _reserve(self, end: int) -> None:
        size = os.fstat(self._fd).st_size
        if end <= size:
            return
        try:
            os.posix_fallocate(self._fd, size, max(end - size, RESERVED))
        except OSError as error:
            raise SpoolFull(errno.ENOSPC, "no space left for waiting turns", str(self._path)) from error

    def _write(self, data: bytes, offset: int) -> None:
        written = 0
        while written < len(data):
            written += os.pwrite(self._fd, data[written:], offset + written)
        os.fdatasync(self._fd)
