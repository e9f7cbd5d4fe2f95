<?php

declare(strict_types=1);

namespace Redpack\Tests;

/** A php-fpm of this test's own on a unix socket, and the little of FastCGI that talks to it. */
final class Fpm
{
    /** @var resource */
    private $process;
    public readonly string $folder;

    /** @param array<string, string> $ini */
    public function __construct(int $workers, array $ini)
    {
        $this->folder = Files::folder();
        $root = posix_geteuid() === 0;
        file_put_contents("$this->folder/fpm.conf", implode("\n", [
            '[global]',
            "error_log = $this->folder/error.log",
            'daemonize = no',
            '[www]',
            "listen = $this->folder/socket",
            'pm = static',
            "pm.max_children = $workers",
            'clear_env = no',
            'catch_workers_output = yes',
            ...($root ? ['user = root', 'group = root'] : []),
        ]) . "\n");
        $command = [self::binary(), '-F', '-y', "$this->folder/fpm.conf", ...($root ? ['-R'] : [])];
        foreach ($ini + ($root ? ['opcache.preload_user' => 'root'] : []) as $name => $value) {
            array_push($command, '-d', "$name=$value");
        }
        $quiet = ['file', "$this->folder/output.log", 'a'];
        $process = proc_open($command, [['file', '/dev/null', 'r'], $quiet, $quiet], $pipes);
        if (!is_resource($process)) {
            throw new \RuntimeException('php-fpm did not start');
        }
        $this->process = $process;
        for ($tries = 0; !file_exists("$this->folder/socket"); $tries++) {
            if ($tries > 500 || !proc_get_status($this->process)['running']) {
                throw new \RuntimeException('php-fpm did not start: ' . $this->log());
            }
            usleep(20_000);
        }
    }

    public function __destruct()
    {
        // The master ends its workers.
        proc_terminate($this->process, SIGTERM);
        proc_close($this->process);
        Files::remove($this->folder);
    }

    public static function binary(): string
    {
        $found = [...(glob('/usr/sbin/php-fpm' . PHP_MAJOR_VERSION . '.' . PHP_MINOR_VERSION) ?: []),
            ...(glob('/usr/{,local/}sbin/php-fpm', GLOB_BRACE) ?: [])];
        return $found[0] ?? '';
    }

    public function log(): string
    {
        return @file_get_contents("$this->folder/error.log") . @file_get_contents("$this->folder/output.log");
    }

    /**
     * Sends so many requests at once, and reads what came to each.
     *
     * @param array<string, string> $parameters
     * @return list<string> bodies
     */
    public function request(string $script, array $parameters, int $together): array
    {
        $parameters += ['SCRIPT_FILENAME' => $script, 'REQUEST_METHOD' => 'GET'];
        $text = '';
        foreach ($parameters as $name => $value) {
            $text .= self::length($name) . self::length($value) . $name . $value;
        }
        $message = self::record(1, pack('nCx5', 1, 0)) . self::record(4, $text) . self::record(4, '')
            . self::record(5, '');
        $sockets = [];
        for ($each = 0; $each < $together; $each++) {
            $socket = stream_socket_client("unix://$this->folder/socket") ?: throw new \RuntimeException('no socket');
            fwrite($socket, $message);
            $sockets[] = $socket;
        }
        return array_map($this->read(...), $sockets);
    }

    /** @param resource $socket */
    private function read($socket): string
    {
        $records = (string) stream_get_contents($socket);
        // A worker waits for its client's end before it takes the next request.
        fclose($socket);
        $output = '';
        while (strlen($records) >= 8) {
            ['type' => $type, 'length' => $length, 'padding' => $padding] =
                (array) unpack('Cversion/Ctype/nid/nlength/Cpadding', $records);
            $output .= $type === 6 ? substr($records, 8, $length) : '';
            $records = substr($records, 8 + $length + $padding);
        }
        return explode("\r\n\r\n", $output, 2)[1] ?? $output;
    }

    private static function record(int $type, string $content): string
    {
        return pack('CCnnCx', 1, $type, 1, strlen($content), 0) . $content;
    }

    private static function length(string $text): string
    {
        return strlen($text) < 128 ? chr(strlen($text)) : pack('N', strlen($text) | 0x8000_0000);
    }
}
