"""A free-text note becomes dated facts, each with its assertion and the words that state it."""
