"""The Redis of the load's proofs serves the tests too."""

from loadtests.redis_server import RedisServer

__all__ = ["RedisServer"]
