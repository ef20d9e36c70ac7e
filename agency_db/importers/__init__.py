"""Ways into the directory: the packaged seed data, and files that operators bring."""
