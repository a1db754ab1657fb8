"""The map of opinions: votes in, groups and shared statements out. Pure functions on arrays; docs/opinion.md says how.

Nothing here is imported by the pages, so a web process loads neither numpy nor scipy.
"""
