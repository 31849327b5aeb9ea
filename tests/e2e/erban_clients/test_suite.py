"""One suite for every client: a good send, refusals, a fault, an endpoint that is not there."""

import pytest

from tests.e2e.erban_clients.clients import BY_KEY, CLIENTS, Client
from tests.e2e.erban_clients.suite import observe
from tests.e2e.erban_clients.table import FACTS, headings, rows
from tests.e2e.running import RunningServer


@pytest.mark.parametrize("client", CLIENTS, ids=lambda client: client.key)
def test_a_client_says_what_the_table_says(server: RunningServer, client: Client) -> None:
    seen = observe(server, client)
    assert {key: each.report for key, each in seen.items()} == FACTS[client.key].reports(client)
    good = seen.pop("good")
    if client.understood:
        assert good.doors == [client.door]
        assert [text.encode() for text in good.contents] == [good.sent.fields["content"].encode()]
    else:
        assert good.contents == []
    assert {key: each.contents for key, each in seen.items() if each.contents} == {}


def test_the_table_has_every_client_and_every_case() -> None:
    assert FACTS.keys() == BY_KEY.keys()
    for lang in ("zh", "en"):
        shown = rows(lang)
        assert {len(row) for row in shown} == {len(headings(lang))}
        titles = [title for row in shown for title in row[0].split("<br>")]
        assert sorted(titles) == sorted(client.title for client in CLIENTS)
