"""The largest flow through a network, its smallest cuts and its paths, in exact whole units."""
