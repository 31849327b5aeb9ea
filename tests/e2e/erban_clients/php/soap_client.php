<?php
// PHP's own SoapClient, unchanged. Reads a JSON list of sends from stdin, prints a JSON text for each.
// {"list": true} is no send: it prints what __getFunctions() says.
ini_set('soap.wsdl_cache_enabled', '0');
ini_set('default_socket_timeout', '10');
ini_set('display_errors', '0');

function client(array $send): SoapClient
{
    $options = ['soap_version' => (int) $send['version'], 'keep_alive' => false];
    if (!$send['wsdl']) {
        return new SoapClient(null, $options + ['location' => $send['address'], 'uri' => 'http://tempuri.org/']);
    }
    return new SoapClient($send['wsdl'], $options + ($send['moved'] ? ['location' => $send['address']] : []));
}

function report(array $send): string|array
{
    try {
        $client = client($send);
        if ($send['list'] ?? false) {
            return $client->__getFunctions();
        }
        $answer = $client->SendSms3($send['fields']);
        return $answer->SendSms3Result ?? $answer->out;
    } catch (SoapFault $fault) {
        return "SoapFault {$fault->faultcode}: {$fault->faultstring}";
    }
}

foreach (json_decode(stream_get_contents(STDIN), true) as $send) {
    echo json_encode(report($send), JSON_THROW_ON_ERROR), "\n";
}
