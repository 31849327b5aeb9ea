"""The panel's data: one SQLite file, one connection, one transaction at a time.

It keeps a write-ahead log, so that a process which is killed loses nothing that was committed.
"""

import asyncio
import contextlib
import sqlite3
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import aiosqlite

from fakeproviders.failures import Words
from fakeproviders.panel.declined import UNAVAILABLE, Declined, not_found
from fakeproviders.panel.schema import schema

_OURS, _VERSION = 0x46505056, 1
"""``application_id`` and ``user_version`` of our files."""
_PATIENCE = 2.0
"""Seconds to wait for a file that another process has open."""
_PRIMARY = 0xFF
"""Of SQLite's result codes, the part that says what is wrong; the rest says where."""
_CHINESE = {
    sqlite3.SQLITE_CANTOPEN: "打不开这个文件，请检查所在目录是否存在、是否有权限",
    sqlite3.SQLITE_NOTADB: "这个文件不是数据库",
    sqlite3.SQLITE_CORRUPT: "数据库文件已损坏",
    sqlite3.SQLITE_BUSY: "数据库正被另一个进程使用",
    sqlite3.SQLITE_READONLY: "数据库文件只读",
    sqlite3.SQLITE_FULL: "磁盘空间不足",
    sqlite3.SQLITE_IOERR: "读写磁盘出错",
    sqlite3.SQLITE_PERM: "没有权限",
}


class UnusableDatabase(Exception):
    """The file cannot be used; ``words`` say why."""

    def __init__(self, words: Words) -> None:
        super().__init__(words.en)
        self.words = words


class Database:
    """Reads and transactions. Both wait for a transaction that is under way."""

    def __init__(self, connection: aiosqlite.Connection) -> None:
        self._connection = connection
        self._lock = asyncio.Lock()

    async def rows(self, sql: str, *values: object) -> list[sqlite3.Row]:
        """All rows of a query."""
        async with self._lock:
            with _told():
                return list(await self._connection.execute_fetchall(sql, values))

    async def row(self, sql: str, *values: object) -> sqlite3.Row | None:
        """The first row of a query."""
        found = await self.rows(sql, *values)
        return found[0] if found else None

    async def change(self, sql: str, *values: object) -> int:
        """One statement, a transaction by itself; how many rows it touched."""
        async with self.transaction() as transaction:
            return await transaction.change(sql, *values)

    @contextlib.asynccontextmanager
    async def transaction(self) -> "AsyncIterator[Transaction]":
        """All of it or nothing, and nobody between.

        Raises Declined when the tenant is gone, or the file cannot be written.
        """
        async with self._lock:
            with _told():
                try:
                    # Begun inside: the statement runs even when we are cancelled while we wait for it.
                    await self._connection.execute("BEGIN IMMEDIATE")
                    yield Transaction(self._connection)
                    await self._connection.commit()
                except BaseException:
                    await self._connection.rollback()
                    raise


class Transaction:
    """What can be done inside of one."""

    def __init__(self, connection: aiosqlite.Connection) -> None:
        self._connection = connection

    async def row(self, sql: str, *values: object) -> sqlite3.Row | None:
        """The first row of a query."""
        found = list(await self._connection.execute_fetchall(sql, values))
        return found[0] if found else None

    async def rows(self, sql: str, *values: object) -> list[sqlite3.Row]:
        """All rows of a query."""
        return list(await self._connection.execute_fetchall(sql, values))

    async def change(self, sql: str, *values: object) -> int:
        """One statement; how many rows it touched."""
        async with self._connection.execute(sql, values) as cursor:
            return cursor.rowcount

    async def insert(self, sql: str, *values: object) -> int:
        """One new row; its id."""
        async with self._connection.execute(sql, values) as cursor:
            return cursor.lastrowid or 0


@contextlib.asynccontextmanager
async def open_database(path: Path | None) -> AsyncIterator[Database]:
    """The database in a file; without one in a temporary file. Raises UnusableDatabase."""
    with contextlib.ExitStack() as stack:
        if path is None:
            folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="fakeproviders-"))
            path = Path(folder, "panel.sqlite3")
        try:
            # By hand first: an attempt of aiosqlite's that fails leaves its thread behind for a moment.
            sqlite3.connect(path).close()
        except sqlite3.Error as error:
            raise _unusable(path, error) from None
        connection = await aiosqlite.connect(path, timeout=_PATIENCE, isolation_level=None)
        try:
            connection.row_factory = sqlite3.Row
            await _prepare(connection, path)
            yield Database(connection)
        finally:
            await connection.close()


async def _prepare(connection: aiosqlite.Connection, path: Path) -> None:
    """Take the file for ourselves, and make the tables if it is new. Raises UnusableDatabase."""
    try:
        await connection.execute("PRAGMA locking_mode = EXCLUSIVE")
        await connection.execute("PRAGMA journal_mode = WAL")
        await connection.execute("PRAGMA synchronous = NORMAL")
        await connection.execute("PRAGMA foreign_keys = ON")
        mark = (
            await _pragma(connection, "application_id"),
            await _pragma(connection, "user_version"),
        )
        (tables,) = await connection.execute_fetchall("SELECT count(*) FROM sqlite_schema")
        if mark == (0, 0) and tables[0] == 0:
            marks = f"PRAGMA application_id = {_OURS}; PRAGMA user_version = {_VERSION};"
            await connection.executescript(f"BEGIN; {schema()} {marks} COMMIT;")
        elif mark != (_OURS, _VERSION):
            raise UnusableDatabase(
                Words(
                    zh=f"{path} 不是本版本的后台数据库：请换一个文件",
                    en=f"{path} is no panel database of this version: choose another file",
                )
            )
    except sqlite3.Error as error:
        raise _unusable(path, error) from None


async def _pragma(connection: aiosqlite.Connection, name: str) -> int:
    (row,) = await connection.execute_fetchall(f"PRAGMA {name}")
    return int(row[0])


def _unusable(path: Path, error: sqlite3.Error) -> UnusableDatabase:
    return UnusableDatabase(
        Words(
            zh=f"无法使用后台数据库 {path}：{_in_chinese(error)}",
            en=f"cannot use the panel's database {path}: {error}",
        )
    )


@contextlib.contextmanager
def _told() -> Iterator[None]:
    """What SQLite refuses, as the user is told. Raises Declined, and IntegrityError for what must be unique."""
    try:
        yield
    except sqlite3.IntegrityError as error:
        if "FOREIGN KEY" in str(error):
            raise _gone() from None
        raise
    except sqlite3.DatabaseError as error:
        words = Words(
            zh=f"无法读写后台数据库（{_in_chinese(error)}）：请检查磁盘空间和文件权限后重试",
            en=f"the panel's database cannot be used ({error}): look at disk space and permissions, then try again",
        )
        raise Declined(words, status=UNAVAILABLE) from None


def _in_chinese(error: sqlite3.Error) -> str:
    """Why SQLite does not do it; as it says it where the Chinese is not known."""
    code = getattr(error, "sqlite_errorcode", 0)
    return _CHINESE.get(code & _PRIMARY, str(error))


def _gone() -> Declined:
    return not_found(
        Words(zh="会话已重置或结束，请重试", en="the session was reset or has ended; try again")
    )
