"""The one door from a network to what is solved of it."""
