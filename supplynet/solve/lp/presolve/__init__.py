"""A linear program made smaller once for all figures that it is solved with, and the way back."""
