"""What a clerk writes is masked like everything else, except what is public anyway: numbers and places of windows."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import Final
from urllib.parse import urlsplit

from aiohttp import web

from agency_db.cache import DirectoryCache, DirectoryUnavailable
from agency_db.directory import Directory
from bot.logbook.masking import replaced, spans
from bot.safety import hotlines
from bot.web.content import SWITCHBOARD
from bot.web.keys import GAZETTEER

CONTACTS: Final = web.AppKey("live_contacts", DirectoryCache)

_BETWEEN = re.compile(r"[\s\-‐-―−ー()（）.・]+")
_URL = re.compile(r"https?://\S+")
# Shorter pieces of an address (「1-2-3」) are found in somebody's address, too.
_LONG_ENOUGH = 6


def masked(app: web.Application, text: str, clerk: str) -> str:
    """`text` as it is stored and delivered. `clerk`: the display name, by which clerks may introduce themselves."""
    contacts = _contacts(app)
    own = {part for part in re.split(r"[\s　]+", clerk) if part}
    hidden = (
        (start, end, token)
        for start, end, token in spans(text, app[GAZETTEER].find(text).spans)
        if text[start:end] not in own and not _is_public(text[start:end], contacts)
    )
    return replaced(text, hidden).replace("\x00", "")


def _is_public(words: str, contacts: frozenset[str]) -> bool:
    if _URL.fullmatch(words):
        return (urlsplit(words).hostname or "") in contacts
    plain = _plain(words)
    if plain.isascii() and plain.isdigit():
        return plain in contacts
    return len(plain) >= _LONG_ENOUGH and any(plain in known for known in contacts)


def _contacts(app: web.Application) -> frozenset[str]:
    known = {_plain(line.number) for line in hotlines.load() if line.number} | {_plain(SWITCHBOARD["phone"])}
    known |= {host for line in hotlines.load() if (host := urlsplit(line.number).hostname)}
    try:
        directory = app[CONTACTS].get()
    except DirectoryUnavailable:
        return frozenset(known)
    return frozenset(known | set(_of_directory(directory)))


def _of_directory(directory: Directory) -> Iterator[str]:
    for window in directory.windows.values():
        lines = [*(window.department.lines if window.department else ())]
        for office in window.offices.items:
            lines += office.lines
            if office.address:
                yield _plain(office.address)
        for url in (window.url, *(office.url for office in window.offices.items)):
            if url and (host := urlsplit(url).hostname):
                yield host
        yield from (_plain(line.number) for line in lines)


def _plain(words: str) -> str:
    return _BETWEEN.sub("", unicodedata.normalize("NFKC", words))
