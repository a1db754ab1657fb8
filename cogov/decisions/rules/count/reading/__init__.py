"""Files of ballots, read strictly: what does not fit is a sentence with its line, and nothing is guessed."""
