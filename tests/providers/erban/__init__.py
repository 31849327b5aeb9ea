"""Tests of the Erban provider's codec: bytes in, bytes out, no sockets."""
