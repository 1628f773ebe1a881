"""What a PDF shows: its text, and the ways in which values are written on a page."""
