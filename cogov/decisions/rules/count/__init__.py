"""The count: ballots in, result out. Pure functions on numpy arrays and whole numbers; docs/counting.md says how.

Nothing here is imported by the pages, so a web process does not load numpy.
"""
