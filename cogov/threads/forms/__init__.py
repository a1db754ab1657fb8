"""What a person may type in a thread, each part in a file of its own."""
