"""Networks in and out of files: package folder, zip, JSON and GraphML. Knows no solver."""
