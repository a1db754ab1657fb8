"""Floor 13: pages that look into several rooms."""
