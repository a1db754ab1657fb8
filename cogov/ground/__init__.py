"""Floor 0: what every room stands on and that knows of no room."""
