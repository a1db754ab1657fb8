"""Floor 2: persons, organizations, mandates, roles, sessions."""
