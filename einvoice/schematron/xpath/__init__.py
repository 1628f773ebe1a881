"""XPath 2.0, as far as Schematron rule sets use it: syntax tree and parser."""
