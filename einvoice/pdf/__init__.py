"""Hybrid invoices: read, judge and make PDFs that carry the invoice as XML."""
