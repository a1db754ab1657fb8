"""What may be typed about a conversation."""
