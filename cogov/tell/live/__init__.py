"""Live pages: who watches a dossier is told that something was written down, and asks for it with their own eyes.

The journal is the truth and numbers it without gaps, so nothing is carried here but numbers: a message that gets lost
is noticed by the next one, or by what `watch` answers after a drop-out. One thread of each server process reads what
has come since, whoever wrote it; a nudge (after a commit here, or over Redis from elsewhere) only makes it look sooner.
"""
