"""Passwords: which are good enough, and how they are kept (argon2id, never readable again)."""

from __future__ import annotations

import unicodedata
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

#: Characters. Length beats rules about digits and signs (NIST SP 800-63B); the upper end keeps hashing cheap.
SHORTEST: Final = 12
LONGEST: Final = 200

# Long enough and still the first that anybody tries; compared without case, blanks and signs.
_OBVIOUS = frozenset({
    "password", "passw0rd", "passwordpassword", "administrator", "qwertyuiop", "qwertyuiopasdfgh", "asdfghjkl",
    "letmein", "welcome", "changeme", "iloveyou", "fujisawa", "fujisawashi", "fujisawacity", "tsunagu",
    "tsunagutsunagu", "enoshima", "shonandai", "パスワード", "つなぐ", "ふじさわ", "藤沢市", "藤沢市役所",
})  # fmt: skip
_RUNS = ("01234567890123456789", "abcdefghijklmnopqrstuvwxyz", "qwertyuiopasdfghjklzxcvbnm", "1qaz2wsx3edc4rfv5tgb6yhn")


class WeakPassword(ValueError):
    """A password that is refused; the message is Japanese and says what to do."""


def normal(password: str) -> str:
    """NFKC: a password typed with the Japanese input method on (ｆｕｌｌ　ｗｉｄｔｈ) is the same password."""
    return unicodedata.normalize("NFKC", password)


def require_strong(password: str, name: str) -> None:
    """Raise WeakPassword for one that is too short, too long, the account's name, or easily guessed."""
    given = normal(password)
    if len(given) < SHORTEST:
        raise WeakPassword(f"パスワードは{SHORTEST}文字以上にしてください。短い文を書くと、長くても覚えられます。")
    if len(given) > LONGEST:
        raise WeakPassword(f"パスワードは{LONGEST}文字までにしてください。")
    core = "".join(letter for letter in given.casefold() if letter.isalnum())
    # "fujisawa2026!" is no better than "fujisawa".
    word = core.strip("0123456789")
    own = "".join(letter for letter in name.casefold() if letter.isalnum())
    bare = own.strip("0123456789")
    if own in {core, word} or (bare and word == bare * (len(word) // len(bare)) and word):
        raise WeakPassword("パスワードにサインインの名前は使えません。")
    if {core, word} & _OBVIOUS:
        raise WeakPassword("よく使われるパスワードなので、すぐに見破られます。別のものにしてください。")
    if len(set(core)) < 4 or any(core in run or core in run[::-1] for run in _RUNS):
        raise WeakPassword("同じ文字や並んだ文字だけのパスワードは、すぐに見破られます。別のものにしてください。")


class Passwords:
    """Hashes and checks. One check takes about a tenth of a second and 64 MiB: the caller allows few at a time."""

    def __init__(self, hasher: PasswordHasher | None = None) -> None:
        """`hasher`: argon2id parameters; when left out RFC 9106's for little memory, on one core instead of four:

        the machine has two, and the other one answers residents meanwhile.
        """
        self._hasher = hasher or PasswordHasher(time_cost=3, memory_cost=64 * 1024, parallelism=1)
        # Checked where there is no account, so that the time of an answer does not tell which names exist.
        self._nobody = self._hasher.hash("nobody")

    def hash(self, password: str) -> str:
        """The text to store: parameters, salt and hash."""
        return self._hasher.hash(normal(password))

    def matches(self, stored: str | None, password: str) -> bool:
        """Whether `password` belongs to the stored text; as slow for None (no account) as for a wrong password."""
        given = normal(password)
        if len(given) > LONGEST:
            return False
        try:
            return self._hasher.verify(stored or self._nobody, given) and stored is not None
        except (VerificationError, InvalidHashError):
            return False

    def outdated(self, stored: str) -> bool:
        """Whether the stored text was made with other parameters than today's."""
        return self._hasher.check_needs_rehash(stored)
