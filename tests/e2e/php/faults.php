<?php
// What PHP's own HTTP stream and SoapClient make of each reply.
// Reads a JSON list from stdin: {"timeout", "url", "body"} for a POST by file_get_contents,
// {"timeout", "wsdl", "location", "fields"} for SendSms3 by SoapClient. Prints a JSON list of texts.
ini_set('soap.wsdl_cache_enabled', '0');
ini_set('display_errors', '0');

function by_stream(array $asked): string
{
    $warnings = [];
    set_error_handler(function ($level, $text) use (&$warnings) {
        $text = preg_replace('/^file_get_contents\([^)]*\): /', '', $text);
        $warnings[] = trim(preg_replace('/(request failed!) (?!HTTP).*$/s', '$1 (the bytes)', $text));
        return true;
    });
    $reply = file_get_contents($asked['url'], false, stream_context_create(['http' => [
        'method' => 'POST', 'header' => 'Content-Type: application/json',
        'content' => $asked['body'], 'timeout' => $asked['timeout'],
    ]]));
    restore_error_handler();
    if ($reply === false) {
        return 'false; warning: ' . implode('; ', $warnings);
    }
    if ($reply === '') {
        return "''" . ($warnings ? '; warning: ' . implode('; ', $warnings) : ', no warning');
    }
    $answer = json_decode($reply, true);
    return $answer === null ? 'json_decode: ' . json_last_error_msg() : 'msg: ' . $answer['msg'];
}

function by_soap(array $asked): string
{
    ini_set('default_socket_timeout', (string) $asked['timeout']);
    $client = new SoapClient($asked['wsdl'], ['location' => $asked['location']]);
    try {
        return 'result: ' . $client->SendSms3($asked['fields'])->SendSms3Result;
    } catch (SoapFault $fault) {
        return "SoapFault {$fault->faultcode}: " . trim($fault->faultstring);
    }
}

$results = array_map(
    fn($asked) => isset($asked['wsdl']) ? @by_soap($asked) : by_stream($asked),
    json_decode(stream_get_contents(STDIN), true));
echo json_encode($results, JSON_UNESCAPED_UNICODE | JSON_INVALID_UTF8_SUBSTITUTE), "\n";
