"""The demo communities, made only by calling the commands people use."""
