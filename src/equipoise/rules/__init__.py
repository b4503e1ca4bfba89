"""What a criterion means: a tree of predicates, how it is answered, and how it reads."""
