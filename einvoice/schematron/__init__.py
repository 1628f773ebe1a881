"""The rule engine: runs compiled Schematron and reads its reports."""
