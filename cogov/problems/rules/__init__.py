"""How a problem is read, likened and sent on its way: plain values and pure functions."""
