"""What holds in a meeting: plain values and pure functions, one file for each part of it."""
