"""The mapping between the model and the syntaxes, as tables."""
