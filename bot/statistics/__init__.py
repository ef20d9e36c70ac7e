"""Counting what residents bring, without keeping who they were: nightly counts, tables, small counts hidden, a sheet.

Knows the log, the staff's database and the directory, neither the web nor a model.
"""
