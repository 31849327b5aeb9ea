"""All proofs, in the order in which they are run."""

from fakeproviders.failures import Words
from loadtests.proofs import attempts, kills, memory, outage, rates
from loadtests.proofs.proof import Proof
from loadtests.redis_server import PROGRAM

PROOFS = (
    Proof(
        "attempts-redis",
        Words(
            zh="多个进程同时请求，多个工作进程共用一个 Redis：受理数恰为限额",
            en="attempts from several processes, several workers on one Redis: exactly the limit is accepted",
        ),
        attempts.on_redis,
        PROGRAM,
    ),
    Proof(
        "attempts-memory",
        Words(
            zh="多个进程同时请求，一个服务，状态在进程内：受理数恰为限额",
            en="attempts from several processes, one server with its state in the process: the same",
        ),
        attempts.in_process,
    ),
    Proof(
        "rates",
        Words(
            zh="多个工作进程共用一个 Redis，时钟在走：每秒、每分钟的限额从不超出",
            en="several workers on one Redis, a running clock: a second's and a minute's limits are never exceeded",
        ),
        rates.on_redis,
        PROGRAM,
    ),
    Proof(
        "kills",
        Words(
            zh="工作进程不断被 kill -9：已受理的不丢、不重、不多扣",
            en="workers are killed with kill -9: nothing acknowledged is lost, doubled or charged twice",
        ),
        kills.killed,
        PROGRAM,
    ),
    Proof(
        "outage",
        Words(
            zh="Redis 先被杀死、后被冻结，再恢复：期间一律按服务商格式拒绝，不丢不重",
            en="Redis is killed, then frozen, and comes back: refused in the provider's form, none lost or doubled",
        ),
        outage.outages,
        PROGRAM,
    ),
    Proof(
        "memory",
        Words(
            zh="经真实套接字大量发送：内存不再增长",
            en="very many sends over real sockets: memory does not grow",
        ),
        memory.bounded,
    ),
)
