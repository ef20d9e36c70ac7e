"""Who may do what. Operators and administrators may also sit at the desk; only administrators manage accounts."""

from __future__ import annotations

from enum import StrEnum
from typing import Final


class Role(StrEnum):
    """One role an account; each includes what the one before it may do."""

    STAFF = "staff"
    OPERATOR = "operator"
    ADMIN = "admin"

    @property
    def label(self) -> str:
        """The role's name as people read it."""
        return _LABELS[self]


_LABELS = {Role.STAFF: "窓口", Role.OPERATOR: "運用", Role.ADMIN: "管理者"}

#: The front desk: everybody who has an account.
DESK: Final = frozenset(Role)
#: Reading conversations, labelling, training, statistics, the audit log.
OPERATE: Final = frozenset({Role.OPERATOR, Role.ADMIN})
#: Accounts.
MANAGE: Final = frozenset({Role.ADMIN})
