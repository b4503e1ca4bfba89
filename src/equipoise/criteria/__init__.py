"""Eligibility text becomes rules, or an honest statement of what was not understood."""
