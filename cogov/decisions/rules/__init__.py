"""What the law says about deciding together, as plain values and pure functions."""
