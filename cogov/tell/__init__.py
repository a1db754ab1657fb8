"""Floor 13: readers of the journal: notifications."""
