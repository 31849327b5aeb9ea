"""The panel's tables.

Every table but the first belongs to a tenant and goes with it. Times are epoch seconds of the tenant's
own clock; ``body`` and whatever has words are JSON. A log's ids are never given twice: who comes late
with one changes nobody else's row.
"""

KEPT = 10_000
"""Rows of each log that a tenant keeps, the newest, give or take a hundred."""
_KEPT_LOGINS = 100
"""Of one member."""
LOGS = ("messages", "receipts", "replies", "codes", "captchas", "outbox")

_TABLES = """
CREATE TABLE tenants (id TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE documents (
    tenant TEXT NOT NULL REFERENCES tenants ON DELETE CASCADE,
    kind TEXT NOT NULL, name TEXT NOT NULL, body BLOB NOT NULL,
    PRIMARY KEY (tenant, kind, name)
) WITHOUT ROWID;
CREATE TABLE tokens (
    tenant TEXT PRIMARY KEY REFERENCES tenants ON DELETE CASCADE,
    made_of TEXT NOT NULL, token TEXT NOT NULL, fetched_at REAL NOT NULL, expires_at REAL NOT NULL
) WITHOUT ROWID;
CREATE TABLE messages (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    tenant TEXT NOT NULL REFERENCES tenants ON DELETE CASCADE,
    out_id TEXT NOT NULL, at REAL NOT NULL, event TEXT NOT NULL, mobile TEXT NOT NULL,
    channel TEXT NOT NULL, content TEXT NOT NULL, status TEXT NOT NULL DEFAULT 'sending',
    message_id TEXT NOT NULL DEFAULT '', error BLOB, failure TEXT, attempts BLOB NOT NULL DEFAULT '[]',
    receipt TEXT NOT NULL DEFAULT 'submitted', receipt_error TEXT NOT NULL DEFAULT '',
    receipt_at REAL, receipts INTEGER NOT NULL DEFAULT 0, contradicted INTEGER NOT NULL DEFAULT 0,
    UNIQUE (tenant, out_id)
);
CREATE INDEX messages_by_tenant ON messages (tenant);
CREATE INDEX messages_by_mobile ON messages (tenant, mobile);
CREATE INDEX messages_by_message_id ON messages (tenant, message_id);
CREATE TABLE receipts (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    tenant TEXT NOT NULL REFERENCES tenants ON DELETE CASCADE,
    at REAL NOT NULL, out_id TEXT NOT NULL, message_id TEXT NOT NULL, status TEXT NOT NULL,
    error TEXT NOT NULL, result TEXT NOT NULL
);
CREATE INDEX receipts_by_tenant ON receipts (tenant);
CREATE TABLE replies (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    tenant TEXT NOT NULL REFERENCES tenants ON DELETE CASCADE,
    at REAL NOT NULL, channel TEXT NOT NULL, reply_id TEXT NOT NULL, mobile TEXT NOT NULL,
    content TEXT NOT NULL, UNIQUE (tenant, channel, reply_id)
);
CREATE INDEX replies_by_tenant ON replies (tenant);
CREATE TABLE codes (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    tenant TEXT NOT NULL REFERENCES tenants ON DELETE CASCADE,
    at REAL NOT NULL, event TEXT NOT NULL, mobile TEXT NOT NULL, ip TEXT NOT NULL,
    result TEXT NOT NULL, failure TEXT, text BLOB, digest TEXT, expires_at REAL,
    tries INTEGER NOT NULL DEFAULT 0, used INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX codes_by_tenant ON codes (tenant);
CREATE INDEX codes_by_mobile ON codes (tenant, mobile, at);
CREATE INDEX codes_by_ip ON codes (tenant, ip, at);
CREATE TABLE captchas (
    tenant TEXT NOT NULL REFERENCES tenants ON DELETE CASCADE,
    id TEXT NOT NULL, position INTEGER NOT NULL, at REAL NOT NULL,
    PRIMARY KEY (tenant, id)
);
CREATE TABLE members (
    tenant TEXT NOT NULL REFERENCES tenants ON DELETE CASCADE,
    id INTEGER PRIMARY KEY, mobile TEXT NOT NULL, email TEXT NOT NULL, password TEXT NOT NULL,
    at REAL NOT NULL, UNIQUE (tenant, mobile)
);
CREATE TABLE logins (
    token TEXT PRIMARY KEY, member INTEGER NOT NULL REFERENCES members ON DELETE CASCADE
);
CREATE INDEX logins_by_member ON logins (member);
CREATE TABLE outbox (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    tenant TEXT NOT NULL REFERENCES tenants ON DELETE CASCADE,
    at REAL NOT NULL, kind TEXT NOT NULL, event TEXT NOT NULL, recipient TEXT NOT NULL,
    title TEXT NOT NULL, body TEXT NOT NULL
);
CREATE INDEX outbox_by_tenant ON outbox (tenant);
"""
_BOUND = """
CREATE TRIGGER {table}_bound AFTER INSERT ON {table} WHEN NEW.rowid % 97 = 0 BEGIN
    DELETE FROM {table} WHERE {owner} = NEW.{owner} AND rowid <= (
        SELECT rowid FROM {table} WHERE {owner} = NEW.{owner} ORDER BY rowid DESC LIMIT 1 OFFSET {kept}
    );
END;
"""
"""A prime number of rows between two looks: tenants that write in turn are all met."""


def schema() -> str:
    """All statements that make the tables."""
    logs = [_BOUND.format(table=table, owner="tenant", kept=KEPT) for table in LOGS]
    logins = _BOUND.format(table="logins", owner="member", kept=_KEPT_LOGINS)
    return "".join((_TABLES, *logs, logins))
