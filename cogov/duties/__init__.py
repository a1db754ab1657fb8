"""Duties: the catalogue of matters, the lists of who owes what, the working calendar and the clocks that measure it."""
