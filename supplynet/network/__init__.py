"""What a supply network is: rows, units, selectors, scenarios and checks. No files, no solver."""
