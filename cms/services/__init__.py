"""What changes facts: one transaction each, with log entries."""
