"""Statements and the map of opinions: who agrees with whom, what all groups share, what divides them."""
