"""Motions, electorates, ballots, tallies, resolutions: what a neighbourhood decides under a declared rule."""
