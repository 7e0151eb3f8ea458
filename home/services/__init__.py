"""What changes the programme's own pages and sites."""
