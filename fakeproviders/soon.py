"""What is there at once, or has to be awaited.

A store in the process answers at once, one in a server does not; a send without a hop needs nothing
else. So most requests are answered without a task, and none needs a second way for that.
"""

from collections.abc import Awaitable
from inspect import isawaitable
from typing import TypeAlias, TypeVar

T = TypeVar("T")
Soon: TypeAlias = T | Awaitable[T]


async def settled(soon: Soon[T]) -> T:
    """What it is in the end."""
    return await soon if isawaitable(soon) else soon
