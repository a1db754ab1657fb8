"""What a limit means, who may be ordered to do what, and which matters are known: plain values and pure functions."""
