"""Changes. Each function is one transaction that locks, reads again, checks, writes, queues mail."""
