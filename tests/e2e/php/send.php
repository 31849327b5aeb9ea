<?php
// PHP's own SoapClient against a running server.
// Usage: php send.php WSDL|"" 1|2 ADDRESS FIELDS
// Prints {"result", "location", "functions"} or {"fault", "code"}.
ini_set('soap.wsdl_cache_enabled', '0');
ini_set('default_socket_timeout', '10');

[, $wsdl, $version, $address, $fields] = $argv;
$options = ['soap_version' => (int) $version, 'trace' => true, 'keep_alive' => false];
try {
    $client = $wsdl ? new SoapClient($wsdl, $options)
        : new SoapClient(null, $options + ['location' => $address, 'uri' => 'http://tempuri.org/']);
    $answer = $client->SendSms3(json_decode($fields, true));
    $answered = ['result' => $answer->SendSms3Result ?? null];
    if ($wsdl) {
        $answered['functions'] = array_values(array_unique(array_map(
            fn($line) => preg_replace('/^\w+ (\w+)\(.*$/', '$1', $line), $client->__getFunctions())));
    }
    echo json_encode($answered), "\n";
} catch (SoapFault $fault) {
    echo json_encode(['fault' => $fault->faultstring, 'code' => $fault->faultcode]), "\n";
}
