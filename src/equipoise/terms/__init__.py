"""Codes, labels and tables that every other part may use; this part knows nobody."""
