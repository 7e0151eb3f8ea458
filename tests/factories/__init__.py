"""Situations for tests: facts, pages and people, one function or factory per thing."""
