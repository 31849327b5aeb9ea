"""Door 1 over SOAP: headers that must be understood, of which none is."""

import pytest

from tests.providers.erban.asking import (
    SOAP11,
    SOAP12,
    SOAP_XML,
    TEXT_XML,
    answer,
    envelope,
    send_element,
    soap11,
    soap12,
)
from tests.providers.erban.soap_replies import fault11, fault12, is_fault


def headed(header: str, namespace: str = SOAP11) -> bytes:
    whole = envelope(send_element(), namespace)
    return whole.replace(b"<s:Body>", f"<s:Header>{header}</s:Header><s:Body>".encode())


@pytest.mark.parametrize("value", ["1", "true"])
def test_a_header_that_must_be_understood_is_not(value: str) -> None:
    header = f'<w:Security xmlns:w="urn:w" s:mustUnderstand="{value}"/>'
    text = "SOAP header Security was not understood."
    faulted = fault11("MustUnderstand", text).replace(b"<detail />", b"")
    is_fault(answer(soap11(headed(f"<w:a xmlns:w='urn:w'/>{header}"))), TEXT_XML, faulted)
    faulted = fault12("MustUnderstand", text).replace(b"<soap:Detail />", b"")
    is_fault(answer(soap12(headed(header, SOAP12))), SOAP_XML, faulted)


@pytest.mark.parametrize(
    "header",
    [
        "",
        '<x xmlns="urn:x" s:mustUnderstand="0"/>',
        '<x xmlns="urn:x" s:mustUnderstand="yes"/>',
        '<x xmlns="urn:x" mustUnderstand="1"/>',
        '<x xmlns="urn:x"><y s:mustUnderstand="1"/></x>',
    ],
)
def test_other_headers_are_passed_over(header: str) -> None:
    assert soap11(headed(header)) == soap11(send_element())


def test_the_attribute_of_either_version_counts() -> None:
    other = f'<x xmlns="urn:x" xmlns:o="{SOAP12}" o:mustUnderstand="1"/>'
    assert b"MustUnderstand" in answer(soap11(headed(other))).body
    own = f'<x xmlns="{SOAP11}" mustUnderstand="1"/>'
    assert b"MustUnderstand" in answer(soap11(headed(own))).body
