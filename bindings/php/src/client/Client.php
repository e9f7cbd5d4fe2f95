<?php

declare(strict_types=1);

namespace Redpack;

use Redpack\Native\ClientCalls;
use Redpack\Native\Config;
use Redpack\Native\Make;

/**
 * Sends red packets for one merchant and asks what became of them.
 *
 * One call of `send`, `query` or `call` is one request on the wire; `settle` and its kin make several. What
 * doesn't end well is thrown as a RedpackError: read its outcome and its advice. No outcome permits a new order;
 * only `Advice::NewOrderAllowed` does.
 */
final class Client
{
    private readonly ClientCalls $native;

    /**
     * @param string $appid the appid that requests carry unless they name another
     * @param string $apiKey the APIv2 key
     * @param string|null $certificate path of apiclient_cert.pem, or its text
     * @param string|null $privateKey path of apiclient_key.pem, or its text
     * @param string|null $pkcs12 instead of the two: path of apiclient_cert.p12, or its bytes
     * @param string|null $passphrase of the .p12; the merchant number unless given, as WeChat makes these files
     * @param string|null $workwxSecret for WeCom's red packets
     * @param string|null $roots whom to trust instead of the built-in Mozilla set: path or text of PEM, or "system"
     * @param int|null $connectLimitMs for resolving, connecting and TLS together; 5000
     * @param int|null $attemptLimitMs for a whole call; 20000. A send that passes it is unknown, not failed
     * @param string|null $journal "sqlite:/absolute/path?create=no" or "postgresql://…"; make a SQLite journal once
     *                             without create=no: an empty journal pays everything again
     * @param int|null $pace requests a second of settle, recover and reconcile; 30
     * @param callable(AttemptEvent): void|null $onAttempt told of each wire call of this object, also where the client
     *                                                    is shared: others that share it are not told of ours
     * @param bool $shared whether the process keeps client and connections for later PHP requests with the same
     *                     settings
     */
    public function __construct(
        string $mchId,
        string $appid,
        #[\SensitiveParameter] string $apiKey,
        ?string $certificate = null,
        #[\SensitiveParameter] ?string $privateKey = null,
        #[\SensitiveParameter] ?string $pkcs12 = null,
        #[\SensitiveParameter] ?string $passphrase = null,
        #[\SensitiveParameter] ?string $workwxSecret = null,
        ?string $baseUrl = null,
        ?string $backupUrl = null,
        ?string $roots = null,
        ?int $connectLimitMs = null,
        ?int $attemptLimitMs = null,
        #[\SensitiveParameter] ?string $proxy = null,
        ?string $sourceAddress = null,
        ?bool $ipv4Only = null,
        ?Failover $failover = null,
        #[\SensitiveParameter] ?string $journal = null,
        ?Caps $caps = null,
        ?int $pace = null,
        ?bool $pacedSends = null,
        ?callable $onAttempt = null,
        bool $shared = true,
    ) {
        $config = new Config($mchId, $appid, $apiKey);
        $config->setCredentials(Config::credentials($certificate, $privateKey, $pkcs12, $passphrase));
        $config->setRoots($roots);
        $config->set([
            'workwx_secret' => $workwxSecret,
            'base_url' => $baseUrl,
            'backup_url' => $backupUrl,
            'connect_limit_ms' => self::natural('connectLimitMs', $connectLimitMs),
            'attempt_limit_ms' => self::natural('attemptLimitMs', $attemptLimitMs),
            'proxy' => $proxy,
            'source_address' => $sourceAddress,
            'ipv4_only' => $ipv4Only,
            'journal_url' => $journal,
            'pace' => self::natural('pace', $pace),
            'paced_sends' => $pacedSends,
        ]);
        $config->setFailover($failover);
        $config->setCaps($caps);
        $config->setAttemptHook($onAttempt);
        $this->native = new ClientCalls($config->client($shared));
    }

    /**
     * Sends a red packet: exactly one request on the wire. It returns only if the packet was sent.
     *
     * @throws RedpackError for every other outcome
     */
    public function send(RedPack|MiniProgramRedPack|WorkwxRedPack $order): SendResult
    {
        return $this->native->send($order);
    }

    /** What became of an ordinary or mini program's packet, at most 30 days after it was sent. */
    public function query(string $mchBillno, ?string $appid = null): QueryResult
    {
        return $this->native->query(new Query($mchBillno, $appid));
    }

    /** The same of a WeCom packet. */
    public function queryWorkwx(string $mchBillno, ?string $appid = null): QueryResult
    {
        return $this->native->query(new Query($mchBillno, $appid, workwx: true));
    }

    /**
     * Any other endpoint of APIv2, under the rules of a send.
     *
     * @param string $path below the host: "/mmpaymkttransfers/…"
     * @param array<string, string|int> $fields without mch_id, nonce_str and sign, which are added
     * @param string $merchantField under which name the merchant number is added; "" for none
     * @param bool $signedAnswer whether an answer without a signature is refused
     */
    public function call(
        string $path,
        array $fields,
        SignType $signType = SignType::Md5,
        ?string $merchantField = null,
        bool $signedAnswer = false,
    ): Answer {
        return $this->native->call(Make::call($path, $fields, $signType, $merchantField, $signedAnswer));
    }

    /**
     * Attempts and asks until it is known whether the order was paid, or the time is over. No send is needed before.
     * Needs a journal. It returns also where the order is not paid: read outcome and advice.
     */
    public function settle(RedPack|MiniProgramRedPack|WorkwxRedPack $order, int $limitMs = 60_000): Settlement
    {
        return $this->native->settle($order, self::natural('limitMs', $limitMs));
    }

    /** The same for an order that the journal has. */
    public function settleNumber(string $mchBillno, int $limitMs = 60_000): Settlement
    {
        return $this->native->settleNumber($mchBillno, self::natural('limitMs', $limitMs));
    }

    /**
     * Gives an order that the journal has the other fields of this one (wishing, remark …): how `Advice::FixOrder` is
     * followed, since an order otherwise goes out as it was first prepared. Then send or settle it again; nothing is
     * sent here. Recipient and amount never change: close the order instead, and pay under a new intent.
     */
    public function amend(RedPack|MiniProgramRedPack|WorkwxRedPack $order): Settlement
    {
        return $this->native->amend($order);
    }

    /**
     * Promises, durably, that an order is never attempted again; then a new one is allowed. Refused while it may still
     * be paid. A rejected order stays open until it is sent after all, or closed.
     */
    public function close(string $mchBillno): Settlement
    {
        return $this->native->close($mchBillno);
    }

    /** Records what an operator saw in the merchant console of an order that no query can settle any more. */
    public function resolve(
        string $mchBillno,
        Evidence $evidence,
        string $who,
        string $why,
        ?string $sendListid = null,
    ): Settlement {
        return $this->native->resolve($mchBillno, $evidence, $sendListid, $who, $why);
    }

    /**
     * Settles what a crash left open and is due. Call it when your program starts, and again at `nextDue`. Orders that
     * were never attempted ("prepared"), or were refused, are left to you.
     */
    public function recover(int $limitMs = 60_000): Recovered
    {
        return $this->native->recover(self::natural('limitMs', $limitMs));
    }

    /** Follows sent orders to "received" or "refunded". Call it once a day. */
    public function reconcile(int $limitMs = 60_000): Reconciled
    {
        return $this->native->reconcile(self::natural('limitMs', $limitMs));
    }

    /** Inspects credentials and settings without touching the network. */
    public function check(): Check
    {
        return $this->native->check();
    }

    /** The journal of this client; null if it has none. */
    public function journal(): ?Journal
    {
        $journal = $this->native->journal();
        return $journal === null ? null : Journal::of($journal);
    }

    /**
     * Replaces certificate and key while calls are under way; they finish with the old ones. If the new ones can't
     * be used, nothing changes. A shared client changes for everybody who shares it in this process.
     */
    public function replaceCredentials(
        ?string $certificate = null,
        #[\SensitiveParameter] ?string $privateKey = null,
        #[\SensitiveParameter] ?string $pkcs12 = null,
        #[\SensitiveParameter] ?string $passphrase = null,
    ): void {
        $credentials = Config::credentials($certificate, $privateKey, $pkcs12, $passphrase);
        if ($credentials === null) {
            throw new InvalidRequest('neither certificate and privateKey nor pkcs12', kind: 'invalid_argument');
        }
        $this->native->replaceCredentials($credentials);
    }

    public function replaceApiKey(#[\SensitiveParameter] string $apiKey): void
    {
        $this->native->replaceApiKey($apiKey);
    }

    /**
     * C would take -1 for some thousand million.
     *
     * @return ($number is null ? null : int)
     */
    private static function natural(string $name, ?int $number): ?int
    {
        if ($number !== null && ($number < 0 || $number > 0xffff_ffff)) {
            throw new InvalidRequest(
                "$name must be from 0 to 4294967295, not $number",
                kind: 'invalid_argument',
                problems: [new Problem($name, 'must be from 0 to 4294967295', 0)],
            );
        }
        return $number;
    }
}
