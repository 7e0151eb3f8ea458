"""Forms of requests and rooms."""
