<?php

declare(strict_types=1);

// What a site's page does: a client for each request, one red packet, an answer in JSON.

require_once dirname(__DIR__, 2) . '/autoload.php';

use Redpack\Client;
use Redpack\Native\Library;
use Redpack\Protocol;
use Redpack\RedPack;
use Redpack\RedpackException;

$told = ['pid' => getmypid()];
try {
    $client = new Client(...json_decode((string) $_SERVER['SETTINGS'], true, 512, JSON_THROW_ON_ERROR));
    $number = Protocol::newMchBillno('1900000109');
    $sent = $client->send(new RedPack('o1', 100, $number, '天虹百货', '猜灯谜', '元宵节快乐', '快来抢'));
    $told += ['sent' => $sent->mchBillno === $number, 'library' => Library::path()];
} catch (RedpackException $error) {
    $told += ['error' => $error->getMessage()];
}
echo json_encode($told, JSON_THROW_ON_ERROR);
