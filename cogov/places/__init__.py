"""Floor 3: districts, streets, communities, grids, buildings, units, the owners' roll."""
