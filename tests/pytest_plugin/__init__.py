"""The pytest plugin in projects of others: each is run by a pytest of its own."""
