<?php

declare(strict_types=1);

namespace Redpack\Native;

use FFI\CData;

/** A native object and the function that frees it: freed once, when PHP lets go of this one. */
final class Handle
{
    public function __construct(public readonly CData $pointer, private readonly string $free)
    {
    }

    public function __destruct()
    {
        Library::get()->{$this->free}($this->pointer);
    }

    /** Two owners would free it twice. */
    private function __clone()
    {
    }

    public function __serialize(): array
    {
        throw new \LogicException('a native object lives in its process only: it can\'t be serialized');
    }

    public function __unserialize(array $data): void
    {
        throw new \LogicException('a native object lives in its process only: it can\'t be unserialized');
    }

    /** Nothing of a native object is for eyes; its address would only help an attacker. */
    public function __debugInfo(): array
    {
        return [];
    }
}
