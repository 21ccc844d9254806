"""Charts: results as lines, dots and bars, laid out by hand as scenes like every picture."""
