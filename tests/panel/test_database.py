"""The database: transactions that are whole, alone, and survive being cancelled."""

import asyncio

import pytest

from fakeproviders.panel.database import Database, open_database
from fakeproviders.panel.declined import Declined
from fakeproviders.panel.schema import KEPT, LOGS
from tests.asyncs import asynchronous


async def tenants(database: Database) -> list[str]:
    return [row["id"] for row in await database.rows("SELECT id FROM tenants ORDER BY id")]


@asynchronous
async def test_a_transaction_is_all_or_nothing() -> None:
    async with open_database(None) as database:
        await database.change("INSERT INTO tenants (id) VALUES ('a')")

        async def fail() -> None:
            async with database.transaction() as transaction:
                await transaction.change("DELETE FROM tenants")
                raise ZeroDivisionError

        with pytest.raises(ZeroDivisionError):
            await fail()
        assert await tenants(database) == ["a"]


@asynchronous
async def test_nobody_comes_between_two_statements() -> None:
    async with open_database(None) as database:

        async def count_and_add(name: int) -> None:
            async with database.transaction() as transaction:
                row = await transaction.row("SELECT count(*) FROM tenants")
                assert row is not None
                if row[0] < 5:
                    await transaction.change("INSERT INTO tenants (id) VALUES (?)", str(name))

        await asyncio.gather(*(count_and_add(number) for number in range(40)))
        assert len(await tenants(database)) == 5


@pytest.mark.parametrize("moment", range(6))
@asynchronous
async def test_a_transaction_that_is_cancelled_leaves_the_next_alone(moment: int) -> None:
    async with open_database(None) as database:

        async def add(name: str) -> None:
            async with database.transaction() as transaction:
                await transaction.change("INSERT INTO tenants (id) VALUES (?)", name)
                await transaction.row("SELECT 1")

        cancelled = asyncio.ensure_future(add("a"))
        for _ in range(moment):
            await asyncio.sleep(0)
        cancelled.cancel()
        await asyncio.gather(cancelled, return_exceptions=True)
        await add("b")
        assert "b" in await tenants(database)


@asynchronous
async def test_what_belongs_to_nobody_cannot_be_written() -> None:
    async with open_database(None) as database:
        with pytest.raises(Declined):
            await database.change(
                "INSERT INTO documents (tenant, kind, name, body) VALUES ('gone', 'saved', 'sms', '')"
            )
        await database.change("INSERT INTO tenants (id) VALUES ('a')")
        assert await tenants(database) == ["a"]


@asynchronous
async def test_a_full_disk_is_said_and_what_was_there_can_be_read() -> None:
    async with open_database(None) as database:
        await database.change("INSERT INTO tenants (id) VALUES ('a')")
        [(pages,)] = await database.rows("PRAGMA page_count")
        await database.rows(f"PRAGMA max_page_count = {pages}")
        with pytest.raises(Declined, match="database or disk is full") as raised:
            await database.change("INSERT INTO tenants (id) VALUES (?)", "x" * 100_000)
        assert raised.value.status == 503
        assert "磁盘空间" in raised.value.words.zh
        assert await tenants(database) == ["a"]
        await database.rows(f"PRAGMA max_page_count = {pages + 100}")
        await database.change("INSERT INTO tenants (id) VALUES ('b')")
        assert await tenants(database) == ["a", "b"]


MANY = KEPT + 500
_ROWS = (
    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?)"
    " INSERT INTO {table} ({columns}) SELECT {values} FROM n"
)


@pytest.mark.parametrize("table", LOGS)
@asynchronous
async def test_a_log_keeps_the_newest_of_each_tenant(table: str) -> None:
    async with open_database(None) as database:
        for name in ("busy", "quiet"):
            await database.change("INSERT INTO tenants (id) VALUES (?)", name)
        needed = [
            row["name"]
            for row in await database.rows(f"PRAGMA table_info({table})")
            if row["notnull"] and row["dflt_value"] is None and row["name"] != "tenant"
        ]
        columns = ", ".join(["tenant", *needed])
        for name, count in (("quiet", 3), ("busy", MANY)):
            values = ", ".join([f"'{name}'", *["i"] * len(needed)])
            await database.change(_ROWS.format(table=table, columns=columns, values=values), count)
        counts = await database.rows(
            f"SELECT tenant, count(*) AS n, max(rowid) AS last FROM {table} GROUP BY tenant"
        )
        found = {row["tenant"]: (row["n"], row["last"]) for row in counts}
        assert found["quiet"][0] == 3
        assert KEPT <= found["busy"][0] < KEPT + 100
        assert found["busy"][1] == MANY + 3
