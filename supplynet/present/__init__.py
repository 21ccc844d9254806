"""The document that a reader gets, and the words that all documents share."""
