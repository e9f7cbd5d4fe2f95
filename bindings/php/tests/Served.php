<?php

declare(strict_types=1);

namespace Redpack\Tests;

/** A server of tests/ that speaks in lines of JSON: where it is, and, once its input has ended, what reached it. */
final class Served
{
    /** @var resource */
    private $process;
    /** @var array<int, resource> */
    private array $pipes = [];
    /** @var array<string, mixed> */
    public readonly array $told;
    private readonly string $folder;

    /** @param string $variable of the environment, with the server's path */
    public function __construct(string $variable)
    {
        $path = getenv($variable);
        if (!is_string($path) || !is_executable($path)) {
            throw new \RuntimeException("$variable must name a built server: run bindings/php/test.sh");
        }
        $this->folder = Files::folder();
        $process = proc_open([$path, $this->folder], [['pipe', 'r'], ['pipe', 'w'], STDERR], $this->pipes);
        if (!is_resource($process)) {
            throw new \RuntimeException("$path did not start");
        }
        $this->process = $process;
        $this->told = $this->line();
    }

    /** @return array<string, mixed> */
    private function line(): array
    {
        return json_decode((string) fgets($this->pipes[1]), true, 512, JSON_THROW_ON_ERROR);
    }

    /** @return array<string, int> how many requests reached each case */
    public function end(): array
    {
        fclose($this->pipes[0]);
        return $this->line();
    }

    public function __destruct()
    {
        proc_terminate($this->process, 9);
        proc_close($this->process);
        Files::remove($this->folder);
    }
}
