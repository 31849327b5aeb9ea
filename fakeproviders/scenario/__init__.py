"""Scenarios: one YAML file says what goes wrong, what is seen of it, and what mends it."""
