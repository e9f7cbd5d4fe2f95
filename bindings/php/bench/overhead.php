<?php

declare(strict_types=1);

// What a call costs over the library's own work: PHP's objects, FFI's conversions, the copies. Microseconds: the
// fastest of several rounds, which other load disturbs least, and their median.
// Run: REDPACK_LIBRARY=… php bench/overhead.php

require_once __DIR__ . '/../autoload.php';

use Redpack\Codec;
use Redpack\InvalidRequest;
use Redpack\Native\Library;
use Redpack\Protocol;
use Redpack\RedPack;

$key = '192006250b4c09247ec02edce69f6a2d';
$order = static fn (): RedPack => new RedPack(
    mch_billno: '1900000109261124abcdefghijkl',
    re_openid: 'oxTWIuGaIt6gTKsQRLau2M0yL16E',
    total_amount: 100,
    send_name: '天虹百货',
    act_name: '猜灯谜',
    wishing: '元宵节快乐',
    remark: '快来抢',
);
$start = hrtime(true);
Library::get();
printf("%-46s %8.1f µs\n", 'open the library (once for each process/request)', (hrtime(true) - $start) / 1e3);

$codec = new Codec('1900000109', 'wx8888888888888888', $key);
$wire = $codec->encode($order());
$fields = $order()->fields();
$body = '<xml><return_code>SUCCESS</return_code><result_code>SUCCESS</result_code><mch_billno>'
    . '1900000109261124abcdefghijkl</mch_billno><mch_id>1900000109</mch_id><wxappid>wx8888888888888888</wxappid>'
    . '<re_openid>oxTWIuGaIt6gTKsQRLau2M0yL16E</re_openid><total_amount>100</total_amount>'
    . '<send_listid>1000041701202611243000000000001</send_listid></xml>';

$cases = [
    'nothing: redpack_abi_version' => static fn () => Library::get()->redpack_abi_version(),
    'order number' => static fn () => Protocol::newMchBillno('1900000109'),
    'sign 7 fields' => static fn () => Protocol::sign($fields, $key),
    'make, sign and encode a request' => static fn () => $codec->encode($order()),
    'judge an answer, read it whole' => static fn () => $codec->readSend($wire, 200, $body),
    'both: all that a send costs beside the wire' =>
        static fn () => $codec->readSend($codec->encode($order()), 200, $body),
    'a refused request, with its exception' => static function () use ($codec): void {
        try {
            $codec->encode(new RedPack('o1', 0));
        } catch (InvalidRequest) {
        }
    },
];
foreach ($cases as $name => $case) {
    $rounds = [];
    for ($round = 0; $round < 15; $round++) {
        $start = hrtime(true);
        for ($call = 0; $call < 500; $call++) {
            $case();
        }
        $rounds[] = (hrtime(true) - $start) / 500 / 1e3;
    }
    sort($rounds);
    printf("%-46s %8.1f µs, median %6.1f\n", $name, $rounds[0], $rounds[7]);
}
