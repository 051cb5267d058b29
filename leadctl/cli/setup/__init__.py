"""The list nouns."""
