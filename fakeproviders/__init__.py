"""Scriptable mock servers for Chinese SMS provider channels."""

__version__ = "0.1.0"
