<?php

declare(strict_types=1);

namespace Redpack\Native;

use FFI;
use FFI\CData;
use Redpack\InvalidRequest;
use Redpack\JournalError;
use Redpack\NativeFault;
use Redpack\NotSent;
use Redpack\Outcome;
use Redpack\OutcomeUnknown;
use Redpack\Pending;
use Redpack\Problem;
use Redpack\RedpackError;
use Redpack\Rejected;
use Redpack\SetupError;

/** Makes the exception of a status and its error object. */
final class Failure
{
    /** By the numbers of redpack_status; a test compares them with the header. */
    public const CLASSES = [
        10 => InvalidRequest::class,
        11 => InvalidRequest::class,
        12 => InvalidRequest::class,
        20 => NotSent::class,
        21 => Rejected::class,
        22 => Pending::class,
        23 => OutcomeUnknown::class,
        30 => SetupError::class,
        40 => JournalError::class,
        90 => NativeFault::class,
    ];

    public static function of(int $status, CData $error): RedpackError
    {
        if (FFI::isNull($error)) {
            return new NativeFault("status $status came without its error object", kind: 'panic',
                outcome: Outcome::Unknown, advice: \Redpack\Advice::QueryFirst, attemptOutcome: Outcome::Unknown);
        }
        $handle = new Handle($error, 'redpack_error_free');
        $ffi = Library::get();
        $kind = (string) $ffi->redpack_error_kind($error);
        // A status that we don't know is a newer library's: whatever it means, the money may have moved.
        $class = self::CLASSES[$status] ?? OutcomeUnknown::class;
        if ($kind === 'invalid_request') {
            $class = InvalidRequest::class;
        }
        $failure = new $class(
            (string) $ffi->redpack_error_message($error),
            kind: $kind,
            outcome: Words::outcome($ffi->redpack_error_outcome($error)),
            advice: Words::advice($ffi->redpack_error_advice($error)),
            scope: Words::scope($ffi->redpack_error_scope($error)),
            notBefore: Read::time($ffi->redpack_error_not_before($error)),
            mchBillno: $ffi->redpack_error_mch_billno($error),
            errCode: $ffi->redpack_error_err_code($error),
            errCodeDes: $ffi->redpack_error_err_code_des($error),
            httpStatus: $ffi->redpack_error_http_status($error) ?: null,
            problems: self::problems($ffi, $error),
            attemptOutcome: Words::outcome($ffi->redpack_error_attempt_outcome($error)),
            attempts: $ffi->redpack_error_attempts($error),
            credentialFault: $ffi->redpack_error_credential_fault($error),
            answer: Read::answer($ffi->redpack_error_answer($error)),
            order: Read::order($ffi->redpack_error_order($error)),
            body: self::body($ffi, $error),
        );
        unset($handle);
        return $failure;
    }

    /** @return list<Problem> */
    private static function problems(FFI $ffi, CData $error): array
    {
        $problems = [];
        for ($index = 0, $count = $ffi->redpack_error_problem_count($error); $index < $count; $index++) {
            $problems[] = new Problem(
                (string) $ffi->redpack_error_problem_field($error, $index),
                (string) $ffi->redpack_error_problem_rule($error, $index),
                $ffi->redpack_error_problem_length($error, $index),
            );
        }
        return $problems;
    }

    private static function body(FFI $ffi, CData $error): ?string
    {
        $length = Library::new('size_t');
        $bytes = $ffi->redpack_error_body($error, FFI::addr($length));
        return $bytes === null || FFI::isNull($bytes) ? null : FFI::string($bytes, $length->cdata);
    }
}
