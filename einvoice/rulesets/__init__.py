"""The rule sets and profiles: which rules judge a document, and what they say about it."""
