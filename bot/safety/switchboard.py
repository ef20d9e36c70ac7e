"""The city's switchboard: the one contact that is certain without the directory."""

from __future__ import annotations

from typing import Final

PHONE: Final = "0466-25-1111"
LABEL: Final = "市役所代表"
SOURCE: Final = "広報ふじさわ"
SOURCE_DATE: Final = "2026-02-10"
