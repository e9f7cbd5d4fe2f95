<?php

declare(strict_types=1);

namespace Redpack;

/**
 * A call that did not end well: what is known of the money, what to do next, and why.
 *
 * Its subclasses tell the outcome. No outcome permits a new order; only `Advice::NewOrderAllowed` does.
 * It holds no key, and its message no openid. What the server sent (`answer`, `body`, `errCodeDes`) and the journal's
 * row may name recipients: they are there to be read, and left out of dumps and JSON.
 */
abstract class RedpackError extends \RuntimeException implements RedpackException, \JsonSerializable
{
    /**
     * @param string $kind what happened, in a word: "timeout", "answer", "invalid_request" …
     * @param Outcome $outcome what is known of the order (with a journal, after all its attempts)
     * @param \DateTimeImmutable|null $notBefore what is advised is not to be done before then
     * @param string|null $errCode the service's code; show its text, branch on outcome and advice
     * @param list<Problem> $problems every field that breaks a rule
     * @param Outcome $attemptOutcome what is known of this attempt alone
     * @param Order|null $order the journal's row after the call
     * @param string|null $body what the server sent, as it came
     */
    final public function __construct(
        string $message,
        public readonly string $kind,
        public readonly Outcome $outcome = Outcome::NotSent,
        public readonly Advice $advice = Advice::FixOrder,
        public readonly Scope $scope = Scope::Order,
        public readonly ?\DateTimeImmutable $notBefore = null,
        public readonly ?string $mchBillno = null,
        public readonly ?string $errCode = null,
        public readonly ?string $errCodeDes = null,
        public readonly ?int $httpStatus = null,
        public readonly array $problems = [],
        public readonly Outcome $attemptOutcome = Outcome::NotSent,
        public readonly int $attempts = 0,
        public readonly ?string $credentialFault = null,
        public readonly ?Answer $answer = null,
        public readonly ?Order $order = null,
        public readonly ?string $body = null,
        ?\Throwable $previous = null,
    ) {
        parent::__construct($message, 0, $previous);
    }

    /** @return array<string, mixed> for var_dump and print_r */
    public function __debugInfo(): array
    {
        $shown = get_object_vars($this);
        $quiet = ['answer', 'order', 'body', 'errCodeDes', 'trace', 'string', 'previous'];
        return array_diff_key($shown, array_flip($quiet)) + ['thrown' => $this->getTraceAsString()];
    }

    /** @return array<string, mixed> */
    public function jsonSerialize(): array
    {
        return array_diff_key($this->__debugInfo(), array_flip(['file', 'line', 'code', 'thrown']));
    }
}
