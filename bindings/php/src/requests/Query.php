<?php

declare(strict_types=1);

namespace Redpack;

/** The question what became of an order. `Client::query` and `queryWorkwx` make it by themselves. */
final class Query implements Request
{
    public function __construct(
        public readonly string $mch_billno,
        public readonly ?string $appid = null,
        private readonly bool $workwx = false,
    ) {
    }

    public function endpoint(): string
    {
        return $this->workwx ? 'queryworkwxredpack' : 'gethbinfo';
    }

    public function fields(): array
    {
        return ['mch_billno' => $this->mch_billno] + ($this->appid === null ? [] : ['appid' => $this->appid]);
    }

    public function intent(): ?string
    {
        return null;
    }
}
