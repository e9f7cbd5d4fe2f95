<?php

declare(strict_types=1);

namespace Redpack\Native;

use Redpack\Advice;
use Redpack\Evidence;
use Redpack\Failover;
use Redpack\Group;
use Redpack\LogLevel;
use Redpack\Outcome;
use Redpack\Scope;
use Redpack\SignType;

/** Numbers of the ABI and the words for them; a test compares these lists with the header. */
final class Words
{
    public const OUTCOMES =
        [1 => Outcome::Sent, Outcome::NotSent, Outcome::Rejected, Outcome::Pending, Outcome::Unknown];
    public const ADVICE = [
        Advice::None,
        Advice::FixSetup,
        Advice::FixOrder,
        Advice::RetrySameOrder,
        Advice::QueryFirst,
        Advice::NewOrderAllowed,
        Advice::AskOperator,
    ];
    public const SCOPES = [Scope::Order, Scope::Recipient, Scope::Merchant];
    /** From 1; 0 is no log. */
    public const LOG_LEVELS = [LogLevel::Error, LogLevel::Warn, LogLevel::Info, LogLevel::Debug];
    public const SIGN_TYPES = [SignType::Md5, SignType::HmacSha256];
    public const FAILOVERS = [Failover::Off, Failover::ConnectPhase, Failover::AfterSending];
    public const EVIDENCE = [Evidence::Paid, Evidence::Refunded, Evidence::NotPaid];
    public const GROUPS = [Group::Received, Group::Unclaimed, Group::Refunded, Group::Contradicting];

    /** What we have no word for is not understood, and what is not understood is unknown. */
    public static function outcome(int $number): Outcome
    {
        return self::OUTCOMES[$number] ?? Outcome::Unknown;
    }

    public static function advice(int $number): Advice
    {
        return self::ADVICE[$number] ?? Advice::QueryFirst;
    }

    public static function scope(int $number): Scope
    {
        return self::SCOPES[$number] ?? Scope::Merchant;
    }

    /** @param list<\BackedEnum> $list */
    public static function number(array $list, \BackedEnum $word): int
    {
        return (int) array_search($word, $list, true);
    }
}
