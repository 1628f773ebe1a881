"""Read, validate and convert European e-invoices."""
