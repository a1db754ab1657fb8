"""`make soak`: readers, writers and watchers for half an hour; no fault, no growing memory, everybody comes back."""
