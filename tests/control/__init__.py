"""The control API from outside, over real sockets."""
