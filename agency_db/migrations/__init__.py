"""Migrations of the agency directory."""
