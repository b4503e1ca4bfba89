"""Thin skins over the same pages: command line and web."""
