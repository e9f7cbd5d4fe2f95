<?php

declare(strict_types=1);

require_once __DIR__ . '/../autoload.php'; // or Composer's vendor/autoload.php

use Redpack\{Client, Protocol, RedPack, RedpackError};

$client = new Client(
    mchId: '1900000109',
    appid: 'wx8888888888888888',
    apiKey: 'sandbox0key0sandbox0key0sandbox0',
    certificate: 'try/apiclient_cert.pem', // a path, or the text itself
    privateKey: 'try/apiclient_key.pem',
    baseUrl: $argv[1] ?? 'https://127.0.0.1:8443', // leave these two lines out for WeChat Pay itself
    roots: 'try/ca.pem',
);
$order = new RedPack(
    mch_billno: Protocol::newMchBillno('1900000109'), // store it before you send: a retry re-uses it
    re_openid: 'oxTWIuGaIt6gTKsQRLau2M0yL16E',
    total_amount: 100, // fen, an int
    send_name: '天虹百货',
    act_name: '猜灯谜',
    wishing: '元宵节快乐',
    remark: '快来抢',
);
try {
    echo 'sent: ', $client->send($order)->sendListid, "\n";
} catch (RedpackError $error) {
    echo "{$error->outcome->value}, next: {$error->advice->value}: {$error->getMessage()}\n";
}
