"""One module per format of source file: rows in, nothing cleaned."""
