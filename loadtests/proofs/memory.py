"""A server that has sent very much over real sockets holds hardly more than after a tenth of it."""

from functools import partial

from fakeproviders.failures import Words
from loadtests.bench.memory import over_sockets
from loadtests.proofs.judging import Check
from loadtests.proofs.proof import Found, Show
from loadtests.proofs.sizes import Size

MIB = 2**20


async def bounded(size: Size, show: Show) -> Found:
    """Sends to few mobiles must not let it grow; what as many mobiles as sends cost is stated."""
    progress = partial(_show, show, 2 * size.sends)
    warm, last = await over_sockets(size.sends, size.mobiles, size.warm, progress)
    _, distinct = await over_sockets(
        size.sends, size.sends, size.warm, lambda sent: progress(size.sends + sent)
    )
    figures = {
        "sends": size.sends,
        "mobiles": size.mobiles,
        "warm_mib": warm / MIB,
        "last_mib": last / MIB,
        "growth_mib": (last - warm) / MIB,
        "distinct_mobiles_mib": distinct / MIB,
        "bytes_a_mobile": (distinct - last) / (size.sends - size.mobiles),
    }
    return Found(figures, [bounded_check(figures, size), _stated(figures, size)])


def bounded_check(figures: dict[str, float], size: Size) -> Check:
    warm, last, growth = figures["warm_mib"], figures["last_mib"], figures["growth_mib"]
    words = Words(
        zh=f"向 {size.mobiles:,} 个号码发送：{size.warm:,} 次后 {warm:.1f} MiB，{size.sends:,} 次后 {last:.1f} MiB，"
        f"增长 {growth:.1f} MiB（上限 {size.growth_mib:g}）",
        en=f"to {size.mobiles:,} mobiles: {warm:.1f} MiB after {size.warm:,} sends, {last:.1f} after "
        f"{size.sends:,}, {growth:.1f} MiB more (at most {size.growth_mib:g})",
    )
    return Check("memory.bounded", growth <= size.growth_mib, words)


def _stated(figures: dict[str, float], size: Size) -> Check:
    whole, each = figures["distinct_mobiles_mib"], figures["bytes_a_mobile"]
    words = Words(
        zh=f"向 {size.sends:,} 个不同号码各发一次：共 {whole:.1f} MiB，每个号码 {each:.0f} 字节",
        en=f"to {size.sends:,} different mobiles: {whole:.1f} MiB in all, {each:.0f} bytes a mobile",
    )
    return Check("memory.a_mobile", None, words)


def _show(show: Show, total: int, sent: int) -> None:
    """All sends are accepted."""
    show(min(sent, total), total, min(sent, total))
