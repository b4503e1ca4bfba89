"""Files go in, a library comes out."""
