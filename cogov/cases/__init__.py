"""Floor 11: what is handed to a public body: the official loop with its five stamps."""
