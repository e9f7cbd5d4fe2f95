<?php

declare(strict_types=1);

// Send, handle the outcomes, settle, query: against a sandbox (`redpack sandbox --listen 127.0.0.1:8443 --dir try`)
// or, with your own settings, WeChat Pay. Run: php walkthrough.php [GATEWAY [FOLDER]]

require_once __DIR__ . '/../autoload.php';

use Redpack\Advice;
use Redpack\Client;
use Redpack\Outcome;
use Redpack\OutcomeUnknown;
use Redpack\Pending;
use Redpack\Protocol;
use Redpack\RedPack;
use Redpack\RedpackError;

[$gateway, $folder] = [$argv[1] ?? 'https://127.0.0.1:8443', $argv[2] ?? 'try'];

$client = new Client(
    mchId: '1900000109',
    appid: 'wx8888888888888888',
    apiKey: 'sandbox0key0sandbox0key0sandbox0',
    certificate: "$folder/apiclient_cert.pem",
    privateKey: "$folder/apiclient_key.pem",
    baseUrl: $gateway, // leave these two lines out for WeChat Pay itself
    roots: "$folder/ca.pem",
    journal: "sqlite:$folder/payments.db",
);

// 1. Once, when your program starts: what a crash left open.
$recovered = $client->recover();
echo 'recovered: ', count($recovered->settlements), ', still open: ', $recovered->open, "\n";

// 2. One send. Store the number first: every retry and every question goes under it.
$number = Protocol::newMchBillno('1900000109');
$order = new RedPack(
    mch_billno: $number,
    re_openid: 'oxTWIuGaIt6gTKsQRLau2M0yL16E',
    total_amount: 100, // fen
    send_name: '天虹百货',
    act_name: '猜灯谜',
    wishing: '元宵节快乐',
    remark: 'invoice 6',
);
try {
    echo 'sent: ', $client->send($order)->mchBillno === $number ? 'yes' : 'no', "\n";
} catch (Pending | OutcomeUnknown $error) {
    // The money may have moved, or may move yet: keep the number. Never a new one.
    echo "$number: {$error->outcome->value}, next: {$error->advice->value}\n";
} catch (RedpackError $error) {
    // Not sent, or refused: mend what the advice names, and send the same order again.
    echo "$number: {$error->outcome->value}, next: {$error->advice->value}: {$error->getMessage()}\n";
}

// 3. An answer that gets lost after the money moved: this recipient asks the sandbox for it.
$lost = new RedPack(
    mch_billno: Protocol::newMchBillno('1900000109'),
    re_openid: 'f--drop-after',
    total_amount: 100,
    send_name: '天虹百货',
    act_name: '猜灯谜',
    wishing: '元宵节快乐',
    remark: 'invoice 7',
);
try {
    $client->send($lost);
} catch (OutcomeUnknown $error) {
    echo "the answer is lost: {$error->outcome->value}, next: {$error->advice->value}\n";
}

// 4. Settling asks and repeats until the money question has an answer. It is safe to call it again, at any time.
$settled = $client->settleNumber($lost->mch_billno);
echo match (true) {
    $settled->outcome === Outcome::Sent => 'settled: paid, once',
    $settled->advice === Advice::NewOrderAllowed => 'failed for good, and closed: a new payment may follow',
    default => "{$settled->outcome->value}: settle it again after " . $settled->lookAgain?->format(DATE_ATOM),
}, "\n";

// 5. The same by your own name of the payment: load the same list twice, and each is paid once.
for ($time = 1; $time <= 2; $time++) {
    $settled = $client->settle(new RedPack(
        intent: 'invoice 8',
        re_openid: 'oxTWIuGaIt6gTKsQRLau2M0yL16E',
        total_amount: Protocol::fenFromYuan('1.00'),
        send_name: '天虹百货',
        act_name: '猜灯谜',
        wishing: '元宵节快乐',
        remark: 'invoice 8',
    ));
    echo "invoice 8: {$settled->outcome->value}, attempts now: $settled->attempts\n";
}

// 6. What became of it? Within 24 hours the recipient opens it, or the money comes back.
$told = $client->query($number);
echo "query: $told->status, next: {$told->advice->value}\n";
