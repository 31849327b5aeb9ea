"""The clients of the providers."""
