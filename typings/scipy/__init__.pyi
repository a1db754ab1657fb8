# What cogov uses of scipy, which carries no types of its own.
