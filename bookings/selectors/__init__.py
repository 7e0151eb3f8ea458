"""Questions to the database. Nothing here changes a row."""
