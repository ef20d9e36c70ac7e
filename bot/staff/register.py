"""Everything about the staff behind one door: what the web tier and the command line open."""

from __future__ import annotations

from sqlalchemy import Connection

from bot.logbook.database import PATIENT_MS, open_engine
from bot.staff.accounts import Account, Accounts, Record
from bot.staff.audit import AuditLog
from bot.staff.clock import Clock, now
from bot.staff.passwords import Passwords
from bot.staff.sessions import Sessions


class StaffRegister:
    """`engine` is the log database, for the desk's other tables; `accounts`, `sessions` and `audit` work on it."""

    def __init__(self, url: str, *, passwords: Passwords | None = None, clock: Clock = now) -> None:
        """`url`: Settings.log_url, the tables already there (bot.staff.schema.upgrade). Nothing is connected yet."""
        self.engine = open_engine(url, PATIENT_MS)
        self.accounts = Accounts(self.engine, passwords or Passwords(), clock)
        self.sessions = Sessions(self.engine, clock)
        self.audit = AuditLog(self.engine, clock)

    def recording(self, who: str, action: str) -> Record:
        """For a change of an account: `who` did `action` to it, into the audit log."""

        def record(connection: Connection, account: Account) -> None:
            self.audit.write_with(connection, who, action, "account", account.name)

        return record

    def close(self) -> None:
        """Close the connections."""
        self.engine.dispose()
