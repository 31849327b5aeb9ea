"""The blocking twins of the Python API, made from the asynchronous classes."""
