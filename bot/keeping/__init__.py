"""Keeping what may be kept, as long as it may be kept: backup, restore, expiry. Knows neither the web nor a model."""
