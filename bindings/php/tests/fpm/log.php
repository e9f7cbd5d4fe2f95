<?php

declare(strict_types=1);

// One request of the tests' php-fpm: calls that are logged, with a function of its own. ENDS=badly leaves it in place.

use Redpack\Client;
use Redpack\Log;
use Redpack\LogLevel;
use Redpack\Protocol;
use Redpack\RedpackError;
use Redpack\Tests\Sandbox;

require dirname(__DIR__, 2) . '/autoload.php';
require dirname(__DIR__) . '/Sandbox.php';

if ($_SERVER['ENDS'] === 'badly') {
    // Shutdown functions that come later, the log's among them, are not run then.
    register_shutdown_function(static fn () => exit(0));
}
$client = new Client(...json_decode($_SERVER['SETTINGS'], true));
$refused = static function () use ($client): int {
    try {
        $client->send(Sandbox::order(Protocol::newMchBillno('1900000109'), 'f--NOTENOUGH'));
    } catch (RedpackError) {
        return 1;
    }
    return 0;
};
// Logged, if the function of the request before were still there: it is not PHP's any more.
$before = $refused();
$lines = 0;
Log::to(function (LogLevel $level) use (&$lines): void {
    $lines += $level === LogLevel::Warn ? 1 : 0;
});
$refused();
echo json_encode(['pid' => getmypid(), 'before' => $before, 'lines' => $lines]);
