"""Find names of persons: Sudachi's dictionary of names, honorifics after a word, and ways of introducing oneself."""

from __future__ import annotations

import re
import threading
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib import resources

from sudachipy.sudachipy import Dictionary, SplitMode, Tokenizer

NAME = "〔名前〕"

# Sudachi reads at most 49,149 bytes at once.
_CHUNK = 8000
_HONORIFICS = frozenset(
    {
        "さん",
        "サン",
        "くん",
        "クン",
        "君",
        "ちゃん",
        "チャン",
        "様",
        "さま",
        "氏",
        "先生",
        "せんせい",
        "せんせー",
        "たん",
        "殿",
    }
)
_FAMILIAR = frozenset({"くん", "クン", "君", "ちゃん", "チャン", "たん"})
_words: dict[str, str] = tomllib.loads(
    resources.files("bot.logbook").joinpath("data/name_words.toml").read_text(encoding="utf-8")
)
_NOUN_NAMES = frozenset(_words["noun_names"].split())
_RELATIONS = frozenset(_words["relations"].split())
_NOT_PERSONS = frozenset(_words["not_persons"].split())

_COUNTED = re.compile(r"[〇一二三四五六七八九十百千数何]{1,4}[軒代前列本人年]?\Z")
_HIRAGANA = re.compile(r"[ぁ-んー]+\Z")
_KANJI = re.compile(r"[一-龠々]")
_SAID_ALONE = re.compile(r"(?:です|と申|だ)?(?:[。、!\s]|\Z)|です|と申")
_INTRODUCED = re.compile(r"(?:と(?:申し(?:ます|まして)|もうします)|(?:っ?て|と)(?:いいます|言います|いう者|いうもの))")
_WORD = re.compile(r"[\w々ー]+\Z")


@dataclass(frozen=True, slots=True)
class _Token:
    start: int
    end: int
    surface: str
    kind: tuple[str, ...]
    unknown: bool

    @property
    def person(self) -> bool:
        return self.kind[2] == "人名"

    @property
    def proper(self) -> bool:
        """A proper noun, or a word that no dictionary knows."""
        return self.kind[1] == "固有名詞" or (self.unknown and bool(_WORD.match(self.surface)))


def find(text: str, places: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int, str]]:
    """(start, end, token) of names of persons; place words are left alone."""
    kept = bytearray(len(text) + 1)
    for first, last in places:
        kept[first:last] = b"\x01" * (last - first)
    tokens = _tokens(text)
    for index, token in enumerate(tokens):
        if any(kept[token.start : token.end]):
            continue
        following = tokens[index + 1] if index + 1 < len(tokens) else None
        if _is_name(text, token, following):
            yield token.start, token.end, NAME
        elif token.surface in _FAMILIAR and (start := _hiragana_name(tokens, index)) is not None:
            yield start, token.start, NAME


def _is_name(text: str, token: _Token, following: _Token | None) -> bool:
    if token.surface in _NOT_PERSONS or _COUNTED.match(token.surface):
        return False
    if following is not None and following.surface in _HONORIFICS and following.start == token.end:
        return _is_addressed(text, token, following.surface)
    if (token.proper or token.surface in _NOUN_NAMES) and _INTRODUCED.match(text, token.end):
        return token.kind[2] != "地名" or "申" in text[token.end : token.end + 3]
    if not token.person or len(token.surface) == 1:
        # A single letter alone (森, 林, 東) is more often the thing than the person.
        return False
    if _HIRAGANA.match(token.surface):
        # In texts without kanji short words look like names (しん, まい): only a whole family name said alone counts.
        return token.kind[3] == "姓" and len(token.surface) > 2 and bool(_SAID_ALONE.match(text, token.end))
    return True


def _is_addressed(text: str, token: _Token, honorific: str) -> bool:
    """Whether the word in front of さん, ちゃん, 先生 … is a name and no relationship, office or initial."""
    if token.surface in _RELATIONS or re.fullmatch(r"[A-Za-z○◯〇]+", token.surface):
        return False
    if token.unknown and token.start and _KANJI.match(text, token.start - 1) and _KANJI.match(token.surface):
        # The tail of a longer word that the dictionary cut: 保・健師さん.
        return False
    if token.proper or token.surface in _NOUN_NAMES:
        return True
    common_noun = token.kind[:2] == ("名詞", "普通名詞")
    return honorific in _FAMILIAR and common_noun and len(token.surface) < 4


def _hiragana_name(tokens: Sequence[_Token], index: int) -> int | None:
    """Where a name in hiragana begins that the dictionary cut in two (ひろ・と・君); None where there is none."""
    start: int | None = None
    for token in reversed(tokens[max(0, index - 3) : index]):
        if not re.fullmatch(r"[ぁ-んー]{1,3}", token.surface):
            break
        if token.person:
            start = token.start
    return start


def _tokens(text: str) -> list[_Token]:
    tokenizer = _tokenizer()
    tokens: list[_Token] = []
    for offset, chunk in _chunks(text):
        tokens += (
            _Token(offset + word.begin(), offset + word.end(), word.surface(), word.part_of_speech(), word.is_oov())
            for word in tokenizer.tokenize(chunk, SplitMode.C)
        )
    return tokens


def _chunks(text: str) -> Iterator[tuple[int, str]]:
    """Pieces that Sudachi can read, cut after a sentence end where there is one."""
    at = 0
    while at < len(text):
        end = min(len(text), at + _CHUNK)
        if end < len(text):
            cut = max(text.rfind(mark, at + _CHUNK // 2, end) for mark in "。\n!? ")
            end = cut + 1 if cut >= 0 else end
        yield at, text[at:end]
        at = end


_local = threading.local()
_dictionary_lock = threading.Lock()
_dictionary: list[Dictionary] = []


def _tokenizer() -> Tokenizer:
    """One tokenizer a thread: Sudachi's are not to be shared. The dictionary is (about 60 ms to open)."""
    tokenizer: Tokenizer | None = getattr(_local, "tokenizer", None)
    if tokenizer is None:
        with _dictionary_lock:
            if not _dictionary:
                _dictionary.append(Dictionary(dict="core"))
        tokenizer = _local.tokenizer = _dictionary[0].create()
    return tokenizer
