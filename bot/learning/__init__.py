"""The learning loop: conversations are read and corrected, corrections become examples, examples a better model."""
