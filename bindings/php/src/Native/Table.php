<?php

declare(strict_types=1);

namespace Redpack\Native;

use FFI;
use Redpack\Verdict;

/** Reads the outcome table: "kind", "code" and so on say which part of it. */
final class Table
{
    /** @return list<string> */
    public static function names(string $part): array
    {
        [$ffi, $names] = [Library::get(), []];
        for ($index = 0, $count = $ffi->{"redpack_{$part}_count"}(); $index < $count; $index++) {
            $names[] = (string) $ffi->{"redpack_{$part}_name"}($index);
        }
        return $names;
    }

    /** @return array<string, array<string, array{maxBytes: int, required: bool}>> */
    public static function endpoints(): array
    {
        [$ffi, $endpoints] = [Library::get(), []];
        foreach (self::names('endpoint') as $endpoint) {
            for ($index = 0, $count = $ffi->redpack_endpoint_field_count($endpoint); $index < $count; $index++) {
                $name = (string) $ffi->redpack_endpoint_field_name($endpoint, $index);
                $endpoints[$endpoint][$name] = [
                    'maxBytes' => $ffi->redpack_endpoint_field_max_bytes($endpoint, $index),
                    'required' => $ffi->redpack_endpoint_field_required($endpoint, $index),
                ];
            }
        }
        return $endpoints;
    }

    public static function verdict(string $part, ?string $name): Verdict
    {
        [$outcome, $advice, $scope] =
            [Library::new('redpack_outcome'), Library::new('redpack_advice'), Library::new('redpack_scope')];
        Call::run(
            "redpack_{$part}_verdict",
            Call::in($part, $name),
            FFI::addr($outcome),
            FFI::addr($advice),
            FFI::addr($scope),
        );
        return new Verdict(
            Words::outcome($outcome->cdata),
            Words::advice($advice->cdata),
            Words::scope($scope->cdata),
        );
    }
}
