"""What zeep reaches beside SendSms3 over SOAP: other operations, and the HTTP ports."""

import pytest

from tests.e2e import clients
from tests.e2e.erban_clients.clients import JAVA, NET
from tests.e2e.erban_clients.drivers import zeep_client
from tests.e2e.erban_clients.table import ANSWERS
from tests.e2e.world import World


@pytest.mark.parametrize(
    ("wsdl", "port"),
    [(NET, "SmsServiceSoap"), (NET, "SmsServiceSoap12"), (JAVA, "SmsServiceHttpPort")],
)
def test_other_operations(world: World, wsdl: str, port: str) -> None:
    service = zeep_client(f"{world.erban['url']}{wsdl}").bind("SmsService", port)
    who, fields = world.erban, clients.erban_fields(world)
    assert service.SendSms(*list(fields.values())[:5], "7") == 0
    assert service.SendSms("0", *list(fields.values())[1:5], "8") == -1
    assert int(service.GetSmsMoney2(who["account"], who["password"])) == world.balance("erban")
    assert service.GetChannel() == who["channel"]
    assert [message["content"] for message in world.messages()] == [fields["content"]]


def test_the_http_ports(world: World) -> None:
    client = zeep_client(f"{world.erban['url']}{NET}")
    for number, port in enumerate(("SmsServiceHttpGet", "SmsServiceHttpPost"), 1):
        fields = clients.erban_fields(world)
        assert client.bind("SmsService", port).SendSms3(**fields) == ANSWERS["good"]
        assert len(world.messages()) == number
