<?php

declare(strict_types=1);

namespace Redpack\Native;

use Redpack\Advice;
use Redpack\Attempt;
use Redpack\AttemptEvent;
use Redpack\Check;
use Redpack\Decision;
use Redpack\Order;
use Redpack\Reconciled;
use Redpack\Recovered;

/** The same for what is a list, or is told to a callback. */
final class ReadLists
{
    public static function recovered(Handle $handle): Recovered
    {
        [$ffi, $recovered, $settlements] = [Library::get(), $handle->pointer, []];
        for ($index = 0, $count = $ffi->redpack_recovered_count($recovered); $index < $count; $index++) {
            $settlements[] = Read::settlement($ffi->redpack_recovered_settlement($recovered, $index));
        }
        return new Recovered(
            $settlements,
            open: $ffi->redpack_recovered_open_count($recovered),
            waiting: $ffi->redpack_recovered_waiting($recovered),
            nextDue: Read::time($ffi->redpack_recovered_next_due($recovered)),
        );
    }

    public static function reconciled(Handle $handle): Reconciled
    {
        [$ffi, $reconciled, $orders] = [Library::get(), $handle->pointer, []];
        foreach (Words::GROUPS as $number => $group) {
            $orders[$group->value] = [];
            $count = $ffi->redpack_reconciled_count($reconciled, $number);
            for ($index = 0; $index < $count; $index++) {
                $order = Read::order($ffi->redpack_reconciled_order($reconciled, $number, $index));
                $orders[$group->value][] = $order;
            }
        }
        return new Reconciled(
            asked: $ffi->redpack_reconciled_asked($reconciled),
            failed: $ffi->redpack_reconciled_failed($reconciled),
            refundedFen: $ffi->redpack_reconciled_refunded_fen($reconciled),
            orders: $orders,
        );
    }

    /** @return list<Order> */
    public static function orders(Handle $handle): array
    {
        [$ffi, $orders, $list] = [Library::get(), $handle->pointer, []];
        for ($index = 0, $count = $ffi->redpack_orders_count($orders); $index < $count; $index++) {
            $list[] = Read::order($ffi->redpack_orders_order($orders, $index));
        }
        return array_values(array_filter($list));
    }

    /** @return list<Attempt> */
    public static function attempts(Handle $handle): array
    {
        [$ffi, $attempts, $list] = [Library::get(), $handle->pointer, []];
        for ($index = 0, $count = $ffi->redpack_attempts_count($attempts); $index < $count; $index++) {
            $list[] = new Attempt(
                host: $ffi->redpack_attempts_host($attempts, $index),
                outcome: $ffi->redpack_attempts_outcome($attempts, $index),
                errCode: $ffi->redpack_attempts_err_code($attempts, $index),
                phase: $ffi->redpack_attempts_phase($attempts, $index),
                beganAt: Read::time($ffi->redpack_attempts_began_at($attempts, $index)),
                elapsedMs: $ffi->redpack_attempts_elapsed_ms($attempts, $index),
                httpStatus: $ffi->redpack_attempts_http_status($attempts, $index) ?: null,
                advice: Advice::tryFrom($ffi->redpack_attempts_advice($attempts, $index) ?? ''),
                finishedAt: Read::time($ffi->redpack_attempts_finished_at($attempts, $index)),
                late: $ffi->redpack_attempts_late($attempts, $index),
            );
        }
        return $list;
    }

    /** @return list<Decision> */
    public static function decisions(Handle $handle): array
    {
        [$ffi, $decisions, $list] = [Library::get(), $handle->pointer, []];
        for ($index = 0, $count = $ffi->redpack_decisions_count($decisions); $index < $count; $index++) {
            $list[] = new Decision(
                evidence: (string) $ffi->redpack_decisions_evidence($decisions, $index),
                who: (string) $ffi->redpack_decisions_who($decisions, $index),
                why: (string) $ffi->redpack_decisions_why($decisions, $index),
                stateBefore: (string) $ffi->redpack_decisions_state_before($decisions, $index),
                at: Read::time($ffi->redpack_decisions_at($decisions, $index)),
            );
        }
        return $list;
    }

    public static function check(Handle $handle): Check
    {
        [$ffi, $check, $findings] = [Library::get(), $handle->pointer, []];
        for ($index = 0, $count = $ffi->redpack_check_finding_count($check); $index < $count; $index++) {
            $word = (string) $ffi->redpack_check_finding($check, $index);
            $findings[$word] = (string) $ffi->redpack_check_finding_text($check, $index);
        }
        return new Check(
            mchId: $ffi->redpack_check_mch_id($check),
            baseUrl: $ffi->redpack_check_base_url($check),
            backupUrl: $ffi->redpack_check_backup_url($check),
            commonName: $ffi->redpack_check_common_name($check),
            serialNumber: $ffi->redpack_check_serial_number($check),
            notBefore: Read::time($ffi->redpack_check_not_before($check)),
            notAfter: Read::time($ffi->redpack_check_not_after($check)),
            daysLeft: $ffi->redpack_check_days_left($check),
            findings: $findings,
        );
    }

    /** The function that C calls after each attempt. Nothing may be thrown through C: PHP would end. */
    public static function attemptHook(callable $hook): \Closure
    {
        return static function (\FFI\CData $event, mixed $user) use ($hook): void {
            try {
                $ffi = Library::get();
                $outcome = $ffi->redpack_event_outcome($event);
                $hook(new AttemptEvent(
                    path: $ffi->redpack_event_path($event),
                    mchBillno: $ffi->redpack_event_mch_billno($event),
                    host: $ffi->redpack_event_host($event),
                    phase: $ffi->redpack_event_phase($event),
                    kind: $ffi->redpack_event_kind($event),
                    errCode: $ffi->redpack_event_err_code($event),
                    outcome: Words::OUTCOMES[$outcome] ?? null,
                    elapsedUs: $ffi->redpack_event_elapsed_us($event),
                    connectionReused: $ffi->redpack_event_connection_reused($event),
                    httpStatus: $ffi->redpack_event_http_status($event) ?: null,
                ));
            } catch (\Throwable $thrown) {
                error_log("redpack: onAttempt threw {$thrown->getMessage()}");
            }
        };
    }
}
