"""The arithmetic: how much a core, a machine, a Redis carry, and how many of them so many sends need."""

from math import ceil
from typing import NamedTuple

from fakeproviders.failures import Words
from fakeproviders.stores.base import INBOX_LIMIT
from loadtests.capacity.inputs import Measured

ASSUMED = (
    Words(
        zh="每个进程独占一个核；线性外推，只实测到两个工作进程",
        en="every process has a core to itself; linear from there, measured with two workers at most",
    ),
    Words(
        zh="Redis 用一个核执行命令；一个会话的全部键在同一个槽，所以一个会话不会快过一个分片，"
        "会话数不少于分片数，且发送均匀分布在会话上",
        en="a Redis executes commands on one core; all keys of a session are in one slot, so one session is no "
        "faster than one shard, there are at least as many sessions as shards, and sends are spread evenly",
    ),
    Words(
        zh="每台工作主机留一个核给服务台进程与系统，每台 Redis 主机留一个核给系统",
        en="of each workers' host one core is the desk's and the system's, of each Redis host one is the system's",
    ),
    Words(
        zh="网卡、内核、AOF 落盘与压测客户端不在模型内",
        en="network cards, the kernel, the disk of the AOF and the clients are not in the model",
    ),
)
"""What the model takes for granted."""


class Ask(NamedTuple):
    """What is to be carried, and by what machines."""

    sends: float
    """A second."""
    cores: int = 16
    """Of a machine; at least two."""
    sessions: int = 1
    mobiles: int = 1_000_000
    """Different ones a day, over all sessions."""
    use: float = 0.7
    """The share of a core that is to be busy."""


class Need(NamedTuple):
    """What carries it."""

    workers: int
    shards: int
    worker_hosts: int
    redis_hosts: int
    sessions: int
    """At least so many, to use all shards."""
    redis_bytes: float
    """Over all shards, at most: every inbox is full."""
    client_bits: float
    """A second, to and from clients."""
    redis_bits: float
    """A second, between workers and Redis."""

    @property
    def cores(self) -> int:
        """Busy ones: a worker, a shard and a host's desk each have one."""
        return self.workers + self.shards + self.worker_hosts


def per_core(microseconds: float, use: float) -> float:
    """Times a second that a core does what takes so long."""
    return use * 1e6 / microseconds


def one_machine(measured: Measured, ask: Ask) -> float:
    """Sends a second of a machine with a Redis of its own: a core each for Redis and the desk."""
    workers = ask.cores - 2
    if workers < 1:
        return (
            per_core(measured.worker_us + measured.redis_us + measured.desk_us, ask.use) * ask.cores
        )
    return min(
        workers * per_core(measured.worker_us, ask.use),
        per_core(measured.redis_us, ask.use),
        per_core(measured.desk_us, ask.use),
    )


def needed(measured: Measured, ask: Ask) -> Need:
    """What so many sends a second need."""
    workers = _cores(ask, measured.worker_us)
    shards = _cores(ask, measured.redis_us)
    sessions = max(ask.sessions, shards)
    return Need(
        workers=workers,
        shards=shards,
        worker_hosts=max(ceil(workers / (ask.cores - 1)), _cores(ask, measured.desk_us)),
        redis_hosts=ceil(shards / (ask.cores - 1)),
        sessions=sessions,
        redis_bytes=sessions * INBOX_LIMIT * measured.redis_message_bytes
        + ask.mobiles * measured.redis_mobile_bytes,
        client_bits=8 * ask.sends * measured.client_wire_bytes,
        redis_bits=8 * ask.sends * measured.redis_wire_bytes,
    )


def _cores(ask: Ask, microseconds: float) -> int:
    """Whole cores for what takes so long a send; one at least."""
    return max(1, ceil(ask.sends / per_core(microseconds, ask.use)))
