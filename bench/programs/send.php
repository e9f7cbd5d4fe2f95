<?php

declare(strict_types=1);

// Sends from PHP, each at once from a process of its own, as PHP serves: redpack; by hand, what an SDK does at the
// least; or ext-curl with a kept handle and a body that is ready made. Started by bench/compare.
//
// send.php CLIENT AT_ONCE SECONDS URL FOLDER [BODY_FILE]

require_once __DIR__ . '/../../bindings/php/autoload.php';

use Redpack\Client;
use Redpack\RedPack;

const WARM_UP = 0.4;
const ORDER = [
    'mch_billno' => '19000001092611240000000001',
    're_openid' => 'oxTWIuGaIt6gTKsQRLau2M0yL16E',
    'total_amount' => 100,
    'send_name' => '天虹百货',
    'act_name' => '猜灯谜抢红包活动',
    'wishing' => '感谢您参加猜灯谜活动',
    'remark' => '猜越多得越多，快来抢！',
];

[, $name, $atOnce, $seconds, $url, $folder] = $argv;
$bodyFile = $argv[6] ?? null;

/** @return Closure(): void */
function byRedpack(string $url, string $folder): Closure
{
    $client = new Client(
        mchId: '1900000109',
        appid: 'wx8888888888888888',
        apiKey: 'sandbox0key0sandbox0key0sandbox0',
        certificate: "$folder/client.pem",
        privateKey: "$folder/client.key",
        roots: "$folder/ca.pem",
        baseUrl: $url,
    );
    return static function () use ($client): void {
        $client->send(new RedPack(...ORDER));
    };
}

function handle(string $url, string $folder): CurlHandle
{
    $curl = curl_init("$url/mmpaymkttransfers/sendredpack");
    curl_setopt_array($curl, [
        CURLOPT_HTTPHEADER => ['Content-Type: text/xml; charset=utf-8'],
        CURLOPT_RETURNTRANSFER => true,
        CURLOPT_CAINFO => "$folder/ca.pem",
        CURLOPT_SSLCERT => "$folder/client.pem",
        CURLOPT_SSLKEY => "$folder/client.key",
    ]);
    return $curl;
}

/** @return Closure(): void */
function byHand(string $url, string $folder): Closure
{
    $curl = handle($url, $folder);
    return static function () use ($curl): void {
        $fields = ORDER + [
            'mch_id' => '1900000109',
            'wxappid' => 'wx8888888888888888',
            'total_num' => 1,
            'client_ip' => '127.0.0.1',
            'nonce_str' => bin2hex(random_bytes(16)),
        ];
        ksort($fields);
        $signed = urldecode(http_build_query($fields)) . '&key=sandbox0key0sandbox0key0sandbox0';
        $fields['sign'] = strtoupper(md5($signed));
        $body = '<xml>';
        foreach ($fields as $name => $value) {
            $body .= is_numeric($value) ? "<$name>$value</$name>" : "<$name><![CDATA[$value]]></$name>";
        }
        curl_setopt($curl, CURLOPT_POSTFIELDS, "$body</xml>");
        $answer = curl_exec($curl);
        if ($answer === false) {
            throw new RuntimeException(curl_error($curl));
        }
        $read = (array) simplexml_load_string($answer, options: LIBXML_NOCDATA | LIBXML_NONET);
        if (($read['return_code'] ?? '') !== 'SUCCESS' || ($read['result_code'] ?? '') !== 'SUCCESS') {
            throw new RuntimeException('not a success');
        }
    };
}

/** @return Closure(): void */
function byCurl(string $url, string $folder, string $body): Closure
{
    $curl = handle($url, $folder);
    curl_setopt($curl, CURLOPT_POSTFIELDS, $body);
    return static function () use ($curl): void {
        $answer = curl_exec($curl);
        if ($answer === false) {
            throw new RuntimeException(curl_error($curl));
        }
        if (!str_contains($answer, '<result_code>SUCCESS')) {
            throw new RuntimeException('not a success');
        }
    };
}

/** @return Closure(): void */
function make(string $name, string $url, string $folder, ?string $bodyFile): Closure
{
    return match ($name) {
        'redpack' => byRedpack($url, $folder),
        'hand' => byHand($url, $folder),
        'curl' => byCurl($url, $folder, (string) file_get_contents((string) $bodyFile)),
    };
}

function processorTime(): float
{
    $used = getrusage();
    return $used['ru_utime.tv_sec'] + $used['ru_stime.tv_sec'] + ($used['ru_utime.tv_usec'] + $used['ru_stime.tv_usec']) / 1e6;
}

$send = make($name, $url, $folder, $bodyFile);
$send();
echo "first\n";
$pipes = [];
for ($index = 0; $index < (int) $atOnce; $index++) {
    $pair = stream_socket_pair(STREAM_PF_UNIX, STREAM_SOCK_STREAM, 0);
    if (pcntl_fork() === 0) {
        $send = make($name, $url, $folder, $bodyFile);
        $send();
        fwrite($pair[1], "ready\n");
        $start = (float) fgets($pair[1]);
        while (microtime(true) < $start) {
            $send();
        }
        $end = $start + (float) $seconds;
        $cpu = processorTime();
        $began = microtime(true);
        for ($sends = 0; microtime(true) < $end; $sends++) {
            $send();
        }
        $told = ['sends' => $sends, 'seconds' => microtime(true) - $began, 'cpu' => processorTime() - $cpu];
        fwrite($pair[1], json_encode($told) . "\n");
        // Nothing of the parent's is to be taken down here.
        posix_kill(getmypid(), SIGKILL);
    }
    fclose($pair[1]);
    $pipes[] = $pair[0];
}
// Every process has had an answer before anything is counted.
foreach ($pipes as $pipe) {
    fgets($pipe);
}
$start = microtime(true) + WARM_UP;
foreach ($pipes as $pipe) {
    fwrite($pipe, "$start\n");
}
$sum = ['sends' => 0, 'seconds' => 0.0, 'cpu' => 0.0];
foreach ($pipes as $pipe) {
    $told = json_decode((string) fgets($pipe), true, flags: JSON_THROW_ON_ERROR);
    $sum = ['sends' => $sum['sends'] + $told['sends'], 'seconds' => max($sum['seconds'], $told['seconds']), 'cpu' => $sum['cpu'] + $told['cpu']];
}
while (pcntl_wait($status) > 0) {
}
echo json_encode($sum), "\n";
