"""Search a library and read a study's page."""
