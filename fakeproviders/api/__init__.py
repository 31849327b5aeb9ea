"""The Python API: sessions, faults, clock and inbox of a server, for tests.

Each class comes twice. The asynchronous ones here are written by hand; their blocking twins in ``sync``
are made from them by ``python -m tests.api.synchronous``. Both ask the control API over HTTP, from an
event loop in a thread of its own: so they work in any test, inside a running loop or without one.
"""
