"""The Python API, asynchronous and blocking."""
