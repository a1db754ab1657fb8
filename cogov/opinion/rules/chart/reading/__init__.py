"""Reading votes: the sheets of a Polis export (CSV), and its folder of JSON."""
