"""Ways into the directory: the packaged seed data."""
