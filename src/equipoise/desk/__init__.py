"""What people add to the studies: notes, shares, saved studies and searches, and whose they are."""
