"""XML: parsing, schemas, order of children, places."""
