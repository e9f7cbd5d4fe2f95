<?php

declare(strict_types=1);

namespace Redpack\Tests;

use PHPUnit\Framework\Assert;
use Redpack\Request;

/** The cases that every language runs, and the number of them that the manifest demands. */
final class Vectors
{
    /** @return array<string, mixed> */
    public static function read(string $file): array
    {
        $text = (string) file_get_contents(self::folder() . "/$file");
        return json_decode($text, true, 512, JSON_THROW_ON_ERROR);
    }

    public static function folder(): string
    {
        $chosen = getenv('REDPACK_VECTORS');
        return is_string($chosen) && $chosen !== '' ? $chosen : dirname(Files::package(), 2) . '/tests/vectors';
    }

    public static function ran(string $file, int $count): void
    {
        fwrite(STDERR, "$file: $count cases\n");
        Assert::assertSame(self::read('MANIFEST.json')[$file], $count, "$file: the manifest has another number");
    }

    /** Fields as a vector has them, in any form that a request may have: bad ones too. */
    public static function request(string $endpoint, array $fields): Request
    {
        return new class ($endpoint, $fields) implements Request {
            public function __construct(private readonly string $endpoint, private readonly array $fields)
            {
            }

            public function endpoint(): string
            {
                return $this->endpoint;
            }

            public function fields(): array
            {
                return $this->fields;
            }

            public function intent(): ?string
            {
                return null;
            }
        };
    }
}
