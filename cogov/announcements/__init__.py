"""Floor 7: what the committee and others announce to everybody at a place."""
