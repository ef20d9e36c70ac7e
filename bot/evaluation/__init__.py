"""Measuring a model on held-out sentences: pure scoring, kept answers, comparison of two models, and the reports.

Nothing here loads a model or knows the web: an agent is handed in, figures come out as dataclasses with `as_dict`.
"""
