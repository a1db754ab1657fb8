"""Floor 12: indicators computed from what happened."""
