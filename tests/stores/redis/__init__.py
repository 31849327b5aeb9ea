"""The store in Redis, against a real one."""
