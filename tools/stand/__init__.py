"""The test stand: a community of households, servers to start and to kill, and clients of our own."""
