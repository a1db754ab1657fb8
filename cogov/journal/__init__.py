"""The append-only record that lies under every room: event, entry, transaction, sealing."""
