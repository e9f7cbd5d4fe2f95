<?php

declare(strict_types=1);

namespace Redpack;

/** An answer as it came: every field of the service's XML, in its order. */
final class Answer
{
    /**
     * @param list<array{string, string|Answer}> $fields names and values, without the blanks round them; a field with
     *                                                   fields in it is an Answer
     * @param list<string> $rawTexts the texts of the fields exactly as they came, in the places of $fields
     * @param string $name of the element whose fields these are: "xml" of a whole answer
     * @param string $rawText its own text, exact: of one that has fields, the blanks between them
     */
    public function __construct(
        public readonly array $fields,
        public readonly array $rawTexts = [],
        public readonly string $name = 'xml',
        public readonly string $rawText = '',
    ) {
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
