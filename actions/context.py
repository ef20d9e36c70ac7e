"""What every action needs: the directory, the gazetteer and the clock."""

from __future__ import annotations

import os
from datetime import datetime
from functools import lru_cache

from agency_db.cache import DirectoryCache
from agency_db.directory import Directory
from agency_db.places import Gazetteer
from agency_db.session import open_engine
from agency_db.terms import TOKYO

# Set by the `tsunagu` command; the default serves the standard Rasa commands started in the project folder.
DIRECTORY_VARIABLE = "TSUNAGU_DIRECTORY_URL"
DEFAULT_DIRECTORY = "sqlite:///var/directory.db"


@lru_cache(maxsize=1)
def _cache() -> DirectoryCache:
    return DirectoryCache(open_engine(os.environ.get(DIRECTORY_VARIABLE) or DEFAULT_DIRECTORY))


def directory() -> Directory:
    """The agency directory as of now (a snapshot; reloaded when somebody changed it)."""
    return _cache().get()


@lru_cache(maxsize=1)
def gazetteer() -> Gazetteer:
    """Towns, stations and landmarks; loaded once."""
    return Gazetteer.load()


def now() -> datetime:
    """The present time in Fujisawa."""
    return datetime.now(TOKYO)
