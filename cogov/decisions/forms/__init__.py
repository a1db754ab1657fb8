"""What a person may type about votes, each part in a file of its own."""
