<?php

declare(strict_types=1);

namespace Redpack\Native;

use DateTimeImmutable;
use DateTimeZone;
use FFI;
use FFI\CData;
use Redpack\Answer;
use Redpack\Order;
use Redpack\QueryResult;
use Redpack\Receiver;
use Redpack\SendResult;
use Redpack\Settlement;
use Redpack\Wire;

/** Copies what native results tell into PHP's own objects, so that no lifetime leaks out of this folder. */
final class Read
{
    private const ORDER_FIELDS = ['re_openid', 'wxappid', 'sub_mch_id', 'total_amount', 'total_num',
        'consume_mch_id', 'msgappid', 'send_name', 'act_name', 'wishing', 'remark', 'client_ip', 'scene_id',
        'risk_info', 'notify_way', 'agentid', 'sender_name', 'sender_header_media_id', 'nonce_str'];

    /** Times are Beijing's, as on the wire. */
    public static function time(int $seconds): ?DateTimeImmutable
    {
        if ($seconds === 0) {
            return null;
        }
        return (new DateTimeImmutable("@$seconds"))->setTimezone(new DateTimeZone('+08:00'));
    }

    public static function answer(?CData $answer): ?Answer
    {
        if ($answer === null || FFI::isNull($answer)) {
            return null;
        }
        $ffi = Library::get();
        [$fields, $texts] = [[], []];
        for ($index = 0, $count = $ffi->redpack_answer_count($answer); $index < $count; $index++) {
            $child = self::answer($ffi->redpack_answer_child($answer, $index));
            $fields[] = [
                (string) $ffi->redpack_answer_name($answer, $index),
                $child ?? (string) $ffi->redpack_answer_value($answer, $index),
            ];
            $texts[] = (string) $ffi->redpack_answer_raw_value($answer, $index);
        }
        return new Answer(
            $fields,
            $texts,
            (string) $ffi->redpack_answer_element_name($answer),
            (string) $ffi->redpack_answer_element_text($answer),
        );
    }

    public static function order(?CData $order): ?Order
    {
        if ($order === null || FFI::isNull($order)) {
            return null;
        }
        $ffi = Library::get();
        $fields = [];
        foreach (self::ORDER_FIELDS as $name) {
            $fields[$name] = $ffi->redpack_order_field($order, $name);
        }
        return new Order(
            mchId: (string) $ffi->redpack_order_mch_id($order),
            mchBillno: (string) $ffi->redpack_order_mch_billno($order),
            intent: $ffi->redpack_order_intent($order),
            state: (string) $ffi->redpack_order_state($order),
            outcome: Words::outcome($ffi->redpack_order_outcome($order)),
            settled: $ffi->redpack_order_settled($order),
            ambiguous: $ffi->redpack_order_ambiguous($order),
            totalAmount: $ffi->redpack_order_total_amount($order),
            advice: Words::advice($ffi->redpack_order_advice($order)),
            errCode: $ffi->redpack_order_err_code($order),
            sendListid: $ffi->redpack_order_send_listid($order),
            queryStatus: $ffi->redpack_order_query_status($order),
            attempts: $ffi->redpack_order_attempts($order),
            queries: $ffi->redpack_order_queries($order),
            createdAt: self::time($ffi->redpack_order_created_at($order)),
            updatedAt: self::time($ffi->redpack_order_updated_at($order)),
            firstAttemptAt: self::time($ffi->redpack_order_first_attempt_at($order)),
            notBefore: self::time($ffi->redpack_order_not_before($order)),
            seq: $ffi->redpack_order_seq($order),
            fields: array_filter($fields, static fn (?string $value): bool => $value !== null && $value !== ''),
            scope: Words::scope($ffi->redpack_order_scope($order)),
            queriedAt: self::time($ffi->redpack_order_queried_at($order)),
        );
    }

    public static function sendResult(Handle $handle): SendResult
    {
        [$ffi, $sent] = [Library::get(), $handle->pointer];
        return new SendResult(
            mchBillno: (string) $ffi->redpack_send_result_mch_billno($sent),
            sendListid: $ffi->redpack_send_result_send_listid($sent),
            package: $ffi->redpack_send_result_package($sent),
            totalAmount: $ffi->redpack_send_result_total_amount($sent),
            sendTime: self::time($ffi->redpack_send_result_send_time($sent)),
            recorded: $ffi->redpack_send_result_recorded($sent),
            answer: self::answer($ffi->redpack_send_result_answer($sent)),
        );
    }

    public static function queryResult(Handle $handle): QueryResult
    {
        [$ffi, $told] = [Library::get(), $handle->pointer];
        $receivers = [];
        for ($index = 0, $count = $ffi->redpack_query_result_receiver_count($told); $index < $count; $index++) {
            $receivers[] = new Receiver(
                openid: $ffi->redpack_query_result_receiver_openid($told, $index),
                amount: $ffi->redpack_query_result_receiver_amount($told, $index),
                time: self::time($ffi->redpack_query_result_receiver_time($told, $index)),
            );
        }
        return new QueryResult(
            mchBillno: (string) $ffi->redpack_query_result_mch_billno($told),
            found: $ffi->redpack_query_result_found($told),
            outcome: Words::outcome($ffi->redpack_query_result_outcome($told)),
            advice: Words::advice($ffi->redpack_query_result_advice($told)),
            notBefore: self::time($ffi->redpack_query_result_not_before($told)),
            status: $ffi->redpack_query_result_status($told),
            reason: $ffi->redpack_query_result_reason($told),
            detailId: $ffi->redpack_query_result_detail_id($told),
            totalAmount: $ffi->redpack_query_result_total_amount($told),
            sendTime: self::time($ffi->redpack_query_result_send_time($told)),
            refundTime: self::time($ffi->redpack_query_result_refund_time($told)),
            refundAmount: $ffi->redpack_query_result_refund_amount($told),
            receivers: $receivers,
            answer: self::answer($ffi->redpack_query_result_answer($told)),
            scope: Words::scope($ffi->redpack_query_result_scope($told)),
        );
    }

    public static function settlement(CData $settlement): Settlement
    {
        $ffi = Library::get();
        $hosts = [];
        for ($index = 0, $count = $ffi->redpack_settlement_host_count($settlement); $index < $count; $index++) {
            $hosts[] = (string) $ffi->redpack_settlement_host($settlement, $index);
        }
        return new Settlement(
            settled: $ffi->redpack_settlement_settled($settlement),
            outcome: Words::outcome($ffi->redpack_settlement_outcome($settlement)),
            advice: Words::advice($ffi->redpack_settlement_advice($settlement)),
            scope: Words::scope($ffi->redpack_settlement_scope($settlement)),
            lookAgain: self::time($ffi->redpack_settlement_look_again($settlement)),
            attempts: $ffi->redpack_settlement_attempts($settlement),
            queries: $ffi->redpack_settlement_queries($settlement),
            hosts: $hosts,
            trouble: $ffi->redpack_settlement_trouble($settlement),
            order: self::order($ffi->redpack_settlement_order($settlement)),
        );
    }

    public static function wire(Handle $handle): Wire
    {
        [$ffi, $wire] = [Library::get(), $handle->pointer];
        return new Wire(
            path: (string) $ffi->redpack_wire_path($wire),
            body: (string) $ffi->redpack_wire_body($wire),
            nonceStr: $ffi->redpack_wire_nonce_str($wire),
            mchBillno: $ffi->redpack_wire_mch_billno($wire),
            handle: $handle,
        );
    }
}
