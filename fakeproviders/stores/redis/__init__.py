"""The store in Redis: what was acknowledged outlives this process, and several processes share it.

A session's keys carry its id as hash tag, so that a cluster keeps them together. Every change is one
script, which Redis runs as a whole; see lua/session.lua for the keys.
"""

from fakeproviders.stores.redis.address import Address, parse_address
from fakeproviders.stores.redis.store import RedisStore

__all__ = ["Address", "RedisStore", "parse_address"]
