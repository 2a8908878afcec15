"""Reads across the rooms: the home of each of the three people. Words: a *need* is something that waits for the reader.

Nothing here writes. Only `tcma.app` may import this package.
"""
