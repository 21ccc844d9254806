"""Named checks of a network, a module for each kind of table. May import the network alone."""
