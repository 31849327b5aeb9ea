<?php
// PHP's own SoapClient, unchanged but for its socket: each request goes out as a line of JSON, its reply comes in as one.
// Usage: php client.php WSDL|"" 1|2 ADDRESS FIELDS
ini_set('soap.wsdl_cache_enabled', '0');

class Piped extends SoapClient
{
    public function __doRequest($request, $location, $action, $version, $oneWay = false): ?string
    {
        echo json_encode(['body' => base64_encode($request), 'location' => $location,
            'action' => $action, 'version' => $version]), "\n";
        return base64_decode(fgets(STDIN));
    }
}

[, $wsdl, $version, $address, $fields] = $argv;
$options = ['soap_version' => (int) $version];
$client = $wsdl ? new Piped($wsdl, $options)
    : new Piped(null, $options + ['location' => $address, 'uri' => 'http://tempuri.org/']);
try {
    $answer = $client->SendSms3(json_decode($fields, true));
    echo json_encode(['result' => $answer->SendSms3Result ?? null]), "\n";
} catch (SoapFault $fault) {
    echo json_encode(['fault' => $fault->faultstring]), "\n";
}
