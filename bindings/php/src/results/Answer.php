<?php

declare(strict_types=1);

namespace Redpack;

/** An answer as it came: every field of the service's XML, in its order. */
final class Answer
{
    /** @param list<array{string, string|Answer}> $fields names and values; a field with fields in it is an Answer */
    public function __construct(public readonly array $fields)
    {
    }

    /** The text of a field of the top level; null where there is none. */
    public function text(string $name): ?string
    {
        foreach ($this->fields as [$field, $value]) {
            if ($field === $name) {
                return is_string($value) ? $value : null;
            }
        }
        return null;
    }

    /**
     * All fields by name; what comes several times is a list, under the name's first place.
     *
     * @return array<string, mixed>
     */
    public function toArray(): array
    {
        $groups = [];
        foreach ($this->fields as [$name, $value]) {
            $groups[$name][] = is_string($value) ? $value : $value->toArray();
        }
        return array_map(static fn (array $group): mixed => count($group) === 1 ? $group[0] : $group, $groups);
    }
}
