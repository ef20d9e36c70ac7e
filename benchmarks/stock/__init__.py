"""A stock Rasa assistant over the same directory: the rival of benchmarks/turn.py."""
