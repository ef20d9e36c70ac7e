"""The fields that the contract promises to whoever reads a reply."""

from __future__ import annotations

REPLY = {"kind", "messages", "triage", "model"}
TRIAGE = {"areas", "crisis", "out_of_scope", "place", "windows", "engawa", "multi_agency"}
WINDOW = {"id", "office", "name", "reason", "areas", "phone", "phone_label", "say", "fax", "url", "address", "hours"}
WINDOW |= {"open", "opens_next", "distance_m", "trust", "source", "source_date", "verified_on"}
ENGAWA = {"id", "name", "type", "address", "open_days", "distance_m", "open", "trust", "source", "source_date"}
