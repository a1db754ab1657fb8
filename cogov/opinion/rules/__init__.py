"""Rules of statements and of the map: pure functions; the map's own arithmetic stands in `chart`."""
