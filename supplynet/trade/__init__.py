"""Trade records of customs: read, cleaned with every loss counted, and made into a network."""
