<?php
$control = getenv('FAKEPROVIDERS_CONTROL') ?: 'http://127.0.0.1:9400';

function http(string $method, string $url, $body = null, string $type = 'application/json')
{
    $http = ['method' => $method, 'header' => "Content-Type: $type", 'ignore_errors' => true];
    if ($body !== null) {
        $http['content'] = is_string($body) ? $body : json_encode($body);
    }
    return file_get_contents($url, false, stream_context_create(['http' => $http]));
}

function send_sms(array $erban, string $mobile, string $text): string
{
    $form = ['mobile' => $mobile, 'content' => $erban['signature'] . $text];
    $form += array_intersect_key($erban, ['account' => 1, 'password' => 1, 'channel' => 1]);
    $url = "$erban[url]/WebService/sms3.aspx";
    return http('POST', $url, http_build_query($form), 'application/x-www-form-urlencoded');
}

function same($expected, $actual): void
{
    if ($expected !== $actual) {
        throw new Exception("expected $expected, not $actual");
    }
}

$tests = [
    'the code arrives' => function (array $session, string $api) {
        same('0,短信发送成功', send_sms($session['erban'], '13800138000', '验证码482915'));
        $inbox = json_decode(http('GET', "$api/messages?mobile=13800138000&wait=10"), true);
        same('482915', $inbox['messages'][0]['code']);
    },
    'a busy provider says so once' => function (array $session, string $api) {
        http('POST', "$api/faults", ['provider' => 'erban', 'script' => 'rate_limited, ok']);
        same('-13,请求过于频繁, 请稍后再试', send_sms($session['erban'], '13800138000', '验证码1234'));
        same('0,短信发送成功', send_sms($session['erban'], '13800138000', '验证码1234'));
    },
];

foreach ($tests as $name => $test) { // a session for every test, as in PHPUnit's setUp and tearDown
    $session = json_decode(http('POST', "$control/api/v1/sessions", ['name' => $name]), true);
    $api = "$control/api/v1/sessions/$session[id]";
    $test($session, $api);
    http('DELETE', $api);
    echo "ok - $name\n";
}
