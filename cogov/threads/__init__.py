"""Floor 7: messages, concerns, solutions."""
