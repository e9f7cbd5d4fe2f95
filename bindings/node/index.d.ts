/// <reference types="node" />

/**
 * Sends WeChat Pay cash red packets (微信支付现金红包, APIv2).
 *
 * - Amounts are **fen**, as safe integers or BigInt; 100 fen are 1 yuan. Lengths are bytes of UTF-8.
 * - Wire fields have their wire names (`mch_billno`, `re_openid`), ours are in camelCase. Times are `Date`.
 * - Every call returns a promise that resolves with what was asked for, or rejects with a {@link RedpackError}.
 *   **No outcome by itself permits a new order. Only the advice `new_order_allowed` does.**
 *
 * @packageDocumentation
 */

/**
 * What is known of an order's money.
 *
 * - `sent`: the service took the order and the money.
 * - `not_sent`: no byte of the request can have reached the service.
 * - `rejected`: refused, and by all evidence not held by the service.
 * - `pending`: the service holds, or may hold, the order unpaid.
 * - `unknown`: everything else. The money may have moved.
 */
export type Outcome = 'sent' | 'not_sent' | 'rejected' | 'pending' | 'unknown';

/**
 * What to do next.
 *
 * - `none`: settled.
 * - `fix_setup`: every further call would fail alike; stop, and mend credentials, key, settings or product.
 * - `fix_order`: mend the named fields; recipient and amount never change under one order number.
 * - `retry_same_order`: send the same order again: same number, same fields.
 * - `query_first`: ask what became of the order; keep its number.
 * - `new_order_allowed`: this order failed for good; a new number can't pay twice.
 * - `ask_operator`: look into the merchant console.
 */
export type Advice =
  | 'none'
  | 'fix_setup'
  | 'fix_order'
  | 'retry_same_order'
  | 'query_first'
  | 'new_order_allowed'
  | 'ask_operator';

/** Whom else it concerns: this order, every order to this recipient, or the merchant (pause the queue). */
export type Scope = 'order' | 'recipient' | 'merchant';

/** What happened: the `code` of a {@link RedpackError}. Read outcome and advice, not the code, to decide. */
export type Code =
  | 'invalid_request'
  | 'configuration'
  | 'credentials'
  | 'server_certificate'
  | 'resolve'
  | 'connect'
  | 'handshake'
  | 'not_started'
  | 'order_conflict'
  | 'journal'
  | 'lease_expired'
  | 'held_back'
  | 'not_permitted'
  | 'journal_unwritten'
  | 'client_certificate_refused'
  | 'client_certificate_doubted'
  | 'timeout'
  | 'disconnected'
  | 'protocol'
  | 'http_status'
  | 'redirect'
  | 'too_large'
  | 'malformed'
  | 'bad_signature'
  | 'echo_mismatch'
  | 'aborted'
  | 'panic'
  | 'answer'
  | 'journal_url'
  | 'journal_unfit'
  | 'journal_newer_schema'
  | 'journal_unavailable'
  | 'journal_storage'
  | 'journal_ambiguous'
  | 'journal_corrupt'
  | 'journal_replaced'
  | 'journal_forked'
  | 'journal_refused';

/** An amount in fen: a safe integer or a BigInt, above 0. Floats, text and NaN are refused. */
export type Fen = number | bigint;

/** `PRODUCT_1` (商品促销) to `PRODUCT_8` (税务刮奖). The service wants it above 200 and below 1 yuan. */
export type SceneId =
  | 'PRODUCT_1'
  | 'PRODUCT_2'
  | 'PRODUCT_3'
  | 'PRODUCT_4'
  | 'PRODUCT_5'
  | 'PRODUCT_6'
  | 'PRODUCT_7'
  | 'PRODUCT_8';

/** Fields that every send has. */
export interface OrderFields {
  /** A nonce of your own, at most 32 bytes. Unless given it is derived, so that every retry writes the same bytes. */
  nonce_str?: string | null;
  /**
   * The order number: 1 to 28 letters and digits, unique for ever, the identity of the payment. Store it before you
   * send. May be left out only with a journal and an {@link OrderFields.intent}.
   */
  mch_billno?: string | null;
  /** The merchant number; it is the client's, and may only be repeated. */
  mch_id?: string | null;
  /** The appid under which `re_openid` is known, at most 32 bytes; the client's unless given. */
  wxappid?: string | null;
  /** The recipient, at most 32 bytes. */
  re_openid: string;
  /** The amount in fen. */
  total_amount: Fen;
  /** Blessing (祝福语), at most 128 bytes. */
  wishing: string;
  /** Name of the activity, at most 32 bytes. */
  act_name: string;
  /** Remark, at most 256 bytes. */
  remark: string;
  /** The scene, where the service wants one. */
  scene_id?: SceneId | null;
  /**
   * Your own name of the payment, such as an invoice number, at most 255 bytes. No field of the wire: with a journal
   * it leads to its order for ever, so that the same payment asked for twice is made once.
   */
  intent?: string | null;
}

/** An ordinary red packet (普通红包): the sixteen fields of `sendredpack`, and `consume_mch_id`. */
export interface RedPack extends OrderFields {
  /** Service-provider mode: the sub-merchant's number. */
  sub_mch_id?: string | null;
  /** Service-provider mode: the appid through which the user is reached. */
  msgappid?: string | null;
  /** The sender's name that the user sees (商户名称), at most 32 bytes. */
  send_name: string;
  /** Must be 1, which it is unless given. */
  total_num?: number | string | null;
  /** IPv4 address of the calling machine; 127.0.0.1 unless given. */
  client_ip?: string | null;
  /** See {@link protocol.riskInfo}; at most 128 bytes, URL-encoded. */
  risk_info?: string | null;
  /** Service-provider mode: the merchant who pays (资金授权商户号). */
  consume_mch_id?: string | null;
}

/** A mini program red packet (小程序红包), which the user claims: see {@link protocol.bizRedPacket}. */
export interface MiniProgramRedPack extends OrderFields {
  /** The sender's name that the user sees (商户名称), at most 32 bytes. */
  send_name: string;
  /** Must be 1, which it is unless given. */
  total_num?: number | string | null;
  /** Must be `MINI_PROGRAM_JSAPI`, which it is unless given. */
  notify_way?: 'MINI_PROGRAM_JSAPI' | null;
}

/** A WeCom red packet (企业红包); the client needs `workwxSecret`. */
export interface WorkwxRedPack extends OrderFields {
  /** In the name of a person, at most 128 bytes; excludes `agentid`. */
  sender_name?: string | null;
  /** In the name of an application; excludes `sender_name`. */
  agentid?: number | string | null;
  /** Media id of the sender's picture, at most 128 bytes. */
  sender_header_media_id?: string | null;
}

/** A query. */
export interface Query {
  /** The order number. */
  mch_billno: string;
  /** Another appid of the same merchant than the client's. */
  appid?: string | null;
  /** A nonce of your own instead of a random one. */
  nonce_str?: string | null;
}

/** An answer's fields as they came: text, objects of fields (`hblist`), and lists where a name comes several times. */
export interface Answer {
  [field: string]: string | Answer | Array<string | Answer>;
}

/** A packet that was sent: the eleven fields of the answer, and what we know. */
export interface SendResult {
  /** Always `sent`: everything else rejects. */
  outcome: 'sent';
  /** Always `none`. */
  advice: 'none';
  /** Whether this is the journal's record of an earlier send, and nothing was sent now. */
  recorded: boolean;
  /** `SUCCESS`; null of a record. */
  return_code: string | null;
  /** A text for people. */
  return_msg: string | null;
  /** `SUCCESS`; null of a record. */
  result_code: string | null;
  /** The service's code, mostly `SUCCESS` here. */
  err_code: string | null;
  /** Its text for people. */
  err_code_des: string | null;
  /** The order number. */
  mch_billno: string;
  /** The merchant number. */
  mch_id: string | null;
  /** The appid. */
  wxappid: string | null;
  /** The recipient. */
  re_openid: string | null;
  /** The amount in fen as echoed; a BigInt beyond 2^53 - 1. */
  total_amount: Fen | null;
  /** The service's own number of the packet (微信单号). */
  send_listid: string | null;
  /** When it was sent; today's service leaves it out. */
  send_time: Date | null;
  /** Mini program packets: what {@link protocol.bizRedPacket} wants, raw. */
  package: string | null;
  /** Every field as it came; none of a record. */
  answer: Answer;
}

/** The state of an order at the service; one that nobody has seen is kept as text. */
export type OrderStatus = 'SENDING' | 'SENT' | 'FAILED' | 'RECEIVED' | 'RFUND_ING' | 'REFUND' | (string & {});

/** Somebody who claimed a packet. */
export interface Receiver {
  /** Who. */
  openid: string | null;
  /** What they got, in fen. */
  amount: Fen | null;
  /** When. */
  rcv_time: Date | null;
}

/** An order as the service knows it. What is missing or unreadable is null; the answer has it as it came. */
export interface OrderRecord {
  /** The merchant number. */
  mch_id: string | null;
  /** The service's own number of the packet. */
  detail_id: string | null;
  /** Where it stands. */
  status: OrderStatus | null;
  /** How it was sent: `API` … */
  send_type: string | null;
  /** `NORMAL` or `GROUP`. */
  hb_type: string | null;
  /** How many packets. */
  total_num: number | bigint | null;
  /** The amount in fen. */
  total_amount: Fen | null;
  /** Why it failed or is stuck, for people. */
  reason: string | null;
  /** When it was sent. */
  send_time: Date | null;
  /** When the money went back. */
  refund_time: Date | null;
  /** What went back, in fen. */
  refund_amount: Fen | null;
  /** Blessing. */
  wishing: string | null;
  /** Remark. */
  remark: string | null;
  /** Name of the activity. */
  act_name: string | null;
  /** WeCom: the sender. */
  sender_name: string | null;
  /** Who claimed it. */
  receivers: Receiver[];
}

/** A query that the service answered. NOT_FOUND is an answer, and **not** a failure of the order. */
export interface QueryResult {
  /** The order number that was asked about. */
  mch_billno: string;
  /** Whether the service knows the order. false: it may be on its way, or older than 30 days. */
  found: boolean;
  /** Where it stands; null where it was not found. */
  status: OrderStatus | null;
  /** What is known of its money. */
  outcome: Outcome;
  /** What to do next; `new_order_allowed` only where the service says FAILED. */
  advice: Advice;
  /** Whom else it concerns. */
  scope: Scope;
  /** Not before this, where a time is given. */
  notBefore: Date | null;
  /** The order; null where it was not found. */
  order: OrderRecord | null;
  /** Every field as it came. */
  answer: Answer;
}

/** Where an order stands in the journal. */
export type State =
  | 'prepared'
  | 'sending'
  | 'sent'
  | 'rejected'
  | 'pending'
  | 'unknown'
  | 'received'
  | 'refunding'
  | 'refunded'
  | 'closed'
  | 'manual';

/** The endpoint of a send. */
export type SendEndpoint = 'sendredpack' | 'sendminiprogramhb' | 'sendworkwxredpack';

/** An order as the journal has it. */
export interface Order {
  /** The merchant number. */
  mch_id: string;
  /** The order number. */
  mch_billno: string;
  /** Your own name of the payment. */
  intent: string | null;
  /** The endpoint. */
  kind: SendEndpoint;
  /** Service-provider mode; else empty. */
  sub_mch_id: string;
  /** The appid. */
  wxappid: string;
  /** The recipient. */
  re_openid: string;
  /** The amount in fen. */
  total_amount: Fen;
  /** Always 1. */
  total_num: number | bigint;
  /** Service-provider mode; else empty. */
  consume_mch_id: string;
  /** The fields that may be amended. */
  fields: Record<string, string>;
  /** Where it stands. */
  state: State;
  /** Whether an attempt may have paid, and no query has cleared that. */
  ambiguous: boolean;
  /** Whether a query answered FAILED. */
  failed: boolean;
  /** Whether the last advice permits an attempt, as far as no query must come first. */
  mayAttempt: boolean;
  /** Whether the row may be older than reality (a restored copy). */
  suspect: boolean;
  /** Attempts begun. */
  attempts: number;
  /** Attempts that may have reached the service. */
  reached: number;
  /** Queries answered. */
  queries: number;
  /** When it was prepared. */
  createdAt: Date;
  /** When the row changed last. */
  updatedAt: Date;
  /** When the first attempt that may have reached the service began. */
  firstAttemptAt: Date | null;
  /** When a query was last answered. */
  queriedAt: Date | null;
  /** No attempt or query before this. */
  notBefore: Date | null;
  /** The advice of the last answer. */
  advice: Advice | null;
  /** Whom else that answer concerned. */
  scope: Scope | null;
  /** The service's last code. */
  errCode: string | null;
  /** The service's own number of the packet. */
  send_listid: string | null;
  /** The last status that a query told. */
  queryStatus: OrderStatus | null;
  /** Its place in the order of preparation: the cursor of {@link Journal.list}. */
  seq: number;
}

/** What a settlement came to. */
export interface Settlement {
  /** Whether the money question has its answer: sent, or closed. */
  settled: boolean;
  /** What is known of the money. */
  outcome: Outcome;
  /** What to do next. */
  advice: Advice;
  /** Whom else that concerns. */
  scope: Scope;
  /** When to look again; null where nothing is left to look at. */
  lookAgain: Date | null;
  /** Attempts that this settlement made. */
  attempts: number;
  /** Queries that it made. */
  queries: number;
  /** The hosts that its attempts went to. */
  hosts: string[];
  /** The last trouble on the way, for people. */
  trouble: string | null;
  /** The order as the journal has it now. */
  order: Order;
}

/** What a recovery found and did. */
export interface Recovered {
  /** Every order that was open and due, as it is now. */
  settlements: Settlement[];
  /** How many of them are still open. */
  open: number;
  /** How many more are open, and not due yet or in other hands. */
  waiting: number;
  /** When the first of all those that are open is due; null where none is. Call again then. */
  nextDue: Date | null;
}

/** What a reconciliation found. */
export interface Reconciled {
  /** How many orders were asked about. */
  asked: number;
  /** How many queries failed; their orders stay due. */
  failed: number;
  /** Orders that were claimed. */
  received: Order[];
  /** Orders that nobody has claimed yet. */
  unclaimed: Order[];
  /** Orders whose money came back, or is on its way. */
  refunded: Order[];
  /** Orders of which the service says otherwise than the journal: an operator must look. */
  contradicting: Order[];
}

/** What deserves a look. */
export type Finding = 'expires_soon' | 'not_yet_valid' | 'unusual_name' | 'unusual_host' | 'unusual_appid';

/** What an inspection found, without touching the network. */
export interface Check {
  /** The merchant number. */
  mchId: string;
  /** Where requests go. */
  baseUrl: string;
  /** Where they go when that host can't be reached. */
  backupUrl: string | null;
  /** The merchant's certificate. */
  certificate: {
    /** Its name: with WeChat's certificates the merchant number. */
    commonName: string | null;
    /** In upper-case hex, as the merchant platform shows it. */
    serialNumber: string;
    /** When it begins to be valid. */
    notBefore: Date;
    /** When it expires. */
    notAfter: Date;
  };
  /** Whole days until it expires. */
  daysLeft: number;
  /** What deserves a look; empty if nothing does. */
  findings: Finding[];
}

/** One attempt of an order, out of the journal. */
export interface Attempt {
  /** Its number within the order, from 1. */
  number: number;
  /** The host that it was to go to. */
  host: string;
  /** When it began. */
  beganAt: Date;
  /** When its outcome was written; null: never, so it is unknown. */
  finishedAt: Date | null;
  /** Its outcome. */
  outcome: Outcome | null;
  /** Its advice. */
  advice: Advice | null;
  /** The service's code. */
  errCode: string | null;
  /** The HTTP status. */
  httpStatus: number | null;
  /** How far it came. */
  phase: Phase | null;
  /** How long it took. */
  elapsedMs: number | null;
}

/** An operator's decision, out of the journal. */
export interface Decision {
  /** What was decided. */
  evidence: 'paid' | 'refunded' | 'not_paid';
  /** Who decided. */
  who: string;
  /** Why. */
  why: string;
  /** When. */
  at: Date;
}

/** How far a call came. From `send` on, the first byte of the request may have left. */
export type Phase = 'start' | 'resolve' | 'connect' | 'handshake' | 'ready' | 'send' | 'answer';

/** One call that reached for the network. No secrets, no openids. */
export interface AttemptEvent {
  /** The path below the host. */
  path: string;
  /** The order. */
  mchBillno: string | null;
  /** The host that was to be reached. */
  host: string;
  /** How far it came. */
  phase: Phase;
  /** Whether a kept-alive connection served it. */
  connectionReused: boolean;
  /** How long it took. */
  elapsedMs: number;
  /** What is known of the money. */
  outcome: Outcome;
  /** What went wrong, if anything did. */
  code: Code | null;
  /** The service's code. */
  errCode: string | null;
  /** The HTTP status. */
  httpStatus: number | null;
}

/** What became of a call whose signal had fired. */
export interface LateOutcome {
  /** The order; null where the call was about none. */
  mchBillno: string | null;
  /** What is known of the money, after all. */
  outcome: Outcome;
  /** Null of a success. */
  error: RedpackError | null;
}

/** A line of the log: no secrets, openids masked. */
export interface LogLine {
  /** How grave. */
  level: 'error' | 'warn' | 'info' | 'debug';
  /** Which part: begins with `redpack`. */
  target: string;
  /** The line. */
  message: string;
}

/** Certificate and private key (商户API证书), in one of two forms. Text that is no PEM is a path. */
export interface CredentialsSettings {
  /** apiclient_cert.pem: a path, PEM text, or its bytes. */
  certificate?: string | Uint8Array;
  /** apiclient_key.pem (PKCS#8 or PKCS#1, not encrypted): a path, PEM text, or its bytes. */
  privateKey?: string | Uint8Array;
  /** apiclient_cert.p12 instead of the two: a path, or its bytes. */
  pkcs12?: string | Uint8Array;
  /** Of the .p12; the merchant number unless given, as WeChat makes these files. */
  passphrase?: string;
}

/** Local limits in fen, kept in the journal; without one they have no effect. */
export interface Caps {
  /** For one order. */
  order?: Fen;
  /** For one recipient and day (Beijing's). */
  recipientDay?: Fen;
  /** For the merchant and day. */
  merchantDay?: Fen;
}

/** The settings of a client. One that is misspelt is refused. */
export interface ClientSettings extends CredentialsSettings {
  /** The merchant number; in service-provider mode the provider's. */
  mchId: string;
  /** The appid that requests carry unless they name another. */
  appid: string;
  /** The APIv2 key (密钥): 32 visible ASCII characters. */
  apiKey: string;
  /** WeCom: the secret of the application 企业支付. */
  workwxSecret?: string;
  /** Another host than `https://api.mch.weixin.qq.com`; https only. */
  baseUrl?: string;
  /** Another backup host than WeChat Pay's. A client of another primary host has none unless it is given here. */
  backupUrl?: string;
  /** When the backup host takes over; `connect_phase` unless given: when nothing can have left. */
  failover?: 'off' | 'connect_phase' | 'after_sending';
  /** Whom to trust for the server's certificate instead of the built-in Mozilla set: a path, PEM, or `system`. */
  roots?: string | Uint8Array;
  /** For resolving, connecting and the TLS handshake together, in milliseconds; 5000 unless given. */
  connectLimitMs?: number;
  /** For a whole call, in milliseconds; 20000 unless given. A send that passes it is `unknown`, not failed. */
  attemptLimitMs?: number;
  /** A proxy, `http://host:port`, that is asked for a tunnel. Proxies of the environment are never used. */
  proxy?: string;
  /** The local address to connect from. */
  sourceAddress?: string;
  /** Leaves IPv6 addresses out. */
  ipv4Only?: boolean;
  /** The journal: `sqlite:payments.db` (one host) or `postgresql://…` (several). It makes payments survive crashes. */
  journal?: string;
  /** Local limits. */
  caps?: Caps;
  /** Attempts a second of settlements; 30 unless given. */
  pace?: number;
  /** Whether plain sends keep that pace too. It takes a journal. */
  pacedSends?: boolean;
  /**
   * How many calls run at once, each on a thread of this client's own (never libuv's); 64 unless given. They are
   * started when needed and end when idle. Further calls queue.
   */
  threads?: number;
  /** Told of each wire call before its caller is. What it throws becomes a process warning. */
  onAttempt?: (event: AttemptEvent) => void;
  /** Told what became of a call whose signal had fired while it was under way. */
  onLateOutcome?: (late: LateOutcome) => void;
  /** Told each line of the log about this client. */
  onLog?: (line: LogLine) => void;
  /** From which level on; `info` unless given. */
  logLevel?: 'off' | 'error' | 'warn' | 'info' | 'debug';
}

/** What every call can be told. */
export interface CallOptions {
  /**
   * Gives the call up. Before the first byte of a request could leave, the promise rejects with outcome `not_sent` and
   * nothing leaves any more; after it with `unknown` and the order number. The signal's reason is the error's `cause`.
   */
  signal?: AbortSignal;
}

/** What a settlement can be told. */
export interface SettleOptions extends CallOptions {
  /** How long to go on, in milliseconds; 60000 unless given. */
  limitMs?: number;
}

/** What the generic call can be told. */
export interface GenericCallOptions extends CallOptions {
  /** How it is signed; MD5 unless given. */
  signType?: 'MD5' | 'HMAC-SHA256';
  /** The name under which the merchant number goes, where it is not `mch_id`. */
  merchantField?: string;
  /** Whether a successful answer must be signed. */
  signedAnswer?: boolean;
}

/**
 * Sends red packets for one merchant and asks what became of them.
 *
 * One call of `send`, `query` or `call` is one request on the wire; `settle` and its kin make several. Calls run on
 * threads of the client's own: the event loop goes on, and the process ends when nothing is under way. There is nothing
 * to close. May be used in `worker_threads` and under `cluster`, one client in each.
 */
export class Client {
  /**
   * Reads the credentials, checks everything, opens the journal. The event loop waits meanwhile: use
   * {@link Client.open} where the journal is on another host.
   *
   * @throws {@link RedpackError} with advice `fix_setup`
   */
  constructor(settings: ClientSettings);

  /** The same without making the event loop wait. */
  static open(settings: ClientSettings): Promise<Client>;

  /** The merchant number. */
  readonly mchId: string;

  /** The journal; null without one. */
  readonly journal: Journal | null;

  /**
   * Sends an ordinary red packet: exactly one request. Resolves only if it was sent.
   *
   * @throws {@link RedpackError} for every other outcome
   */
  send(order: RedPack, options?: CallOptions): Promise<SendResult>;

  /** Sends a mini program red packet. See {@link Client.send}. */
  sendMiniProgram(order: MiniProgramRedPack, options?: CallOptions): Promise<SendResult>;

  /** Sends a WeCom red packet; its answer must be signed. See {@link Client.send}. */
  sendWorkwx(order: WorkwxRedPack, options?: CallOptions): Promise<SendResult>;

  /**
   * Asks what became of an ordinary or mini program packet, at most 30 days after it was sent.
   *
   * @param query - the order number, or the query's fields
   * @throws {@link RedpackError} where the query itself failed; that says nothing of the order
   */
  query(query: string | Query, options?: CallOptions): Promise<QueryResult>;

  /** The same of a WeCom packet. */
  queryWorkwx(query: string | Query, options?: CallOptions): Promise<QueryResult>;

  /**
   * Calls any other v2 endpoint, under the rules of a send. The merchant number, a nonce and the signature are added.
   *
   * @param path - below the host: `/mmpaymkttransfers/…`
   * @param fields - all other fields that the endpoint documents; all are signed
   */
  call(
    path: string,
    fields: Record<string, string | number | bigint | null | undefined> | ReadonlyArray<readonly [string, string]>,
    options?: GenericCallOptions,
  ): Promise<Answer>;

  /**
   * Attempts and asks until the money question has an answer (sent, or closed) or the time is over. Needs a journal.
   * Call it again with the same order at any time, from any process. An order that could not be settled in time
   * resolves: read its outcome and advice.
   */
  settle(order: RedPack, options?: SettleOptions & { endpoint?: 'sendredpack' }): Promise<Settlement>;
  settle(order: MiniProgramRedPack, options: SettleOptions & { endpoint: 'sendminiprogramhb' }): Promise<Settlement>;
  settle(order: WorkwxRedPack, options: SettleOptions & { endpoint: 'sendworkwxredpack' }): Promise<Settlement>;

  /**
   * Gives an order in the journal the other fields of this one: `wishing`, `remark` and so on, never recipient or
   * amount. That is how the advice `fix_order` is followed with a journal, which otherwise sends every attempt as the
   * order was prepared; then send or settle it again. Nothing is sent. Refused once it was sent, is closed, under way,
   * or an attempt may have paid.
   */
  amend(order: RedPack, options?: CallOptions & { endpoint?: 'sendredpack' }): Promise<Settlement>;
  amend(order: MiniProgramRedPack, options: CallOptions & { endpoint: 'sendminiprogramhb' }): Promise<Settlement>;
  amend(order: WorkwxRedPack, options: CallOptions & { endpoint: 'sendworkwxredpack' }): Promise<Settlement>;

  /** The same of an order that the journal has. */
  settleNumber(mchBillno: string, options?: SettleOptions): Promise<Settlement>;

  /** Promises, durably, that an order is never attempted again. Refused while it may have been paid. */
  close(mchBillno: string, options?: CallOptions): Promise<Settlement>;

  /** Settles what a crash left open. Call it when your program starts, and from time to time. */
  recover(options?: SettleOptions): Promise<Recovered>;

  /** Follows sent orders to "received" or "refunded". Call it once a day. */
  reconcile(options?: SettleOptions): Promise<Reconciled>;

  /** Records what an operator saw in the merchant console of an order that no query can settle any more. */
  resolve(
    mchBillno: string,
    decision: {
      /** What was seen: `not_paid` closes the order. */
      evidence: 'paid' | 'refunded' | 'not_paid';
      /** The service's own number of the packet, where it was paid. */
      sendListid?: string;
      /** Who decided. */
      who: string;
      /** Why. */
      why: string;
    },
    options?: CallOptions,
  ): Promise<Settlement>;

  /** Inspects credentials and settings without touching the network. */
  check(): Promise<Check>;

  /**
   * Replaces certificate and key while calls are under way; they finish with the old ones. If the new ones can't be
   * used, nothing changes.
   */
  replaceCredentials(credentials: CredentialsSettings): Promise<void>;

  /** Replaces the APIv2 key. */
  replaceApiKey(apiKey: string): Promise<void>;
}

/** What was meant to be paid, and what came of it. The client writes it; here it is read, and its queue is paused. */
export interface Journal {
  /** An order; null if the journal has none of that number. */
  order(mchBillno: string): Promise<Order | null>;
  /** The order of your own name of a payment. */
  orderOfIntent(intent: string): Promise<Order | null>;
  /** The attempts of an order, first to last. */
  attempts(mchBillno: string): Promise<Attempt[]>;
  /** The operators' decisions about an order, first to last. */
  decisions(mchBillno: string): Promise<Decision[]>;
  /** Orders in the order they came; the next page begins `after` the last `seq`. 100 at a time unless given. */
  list(options?: { state?: State; after?: number; limit?: number }): Promise<Order[]>;
  /** Stops all sends of the merchant, on all hosts, for a while or (0) until {@link Journal.resume}. */
  pause(reason: string, options?: { lengthMs?: number }): Promise<void>;
  /** Lets the queue go on. */
  resume(): Promise<void>;
  /** Why the queue is stopped now; null if it isn't. */
  paused(): Promise<string | null>;
  /** How many fen the caps of this day (Beijing's) count, of all recipients or of one. */
  spentToday(reOpenid?: string): Promise<Fen>;
  /** Whether it looks like a restored backup, which must not pay: see {@link Journal.acceptRestore}. */
  suspected(): Promise<boolean>;
  /** Records who vouches for a restored journal, and why. */
  acceptRestore(decision: { who: string; why: string }): Promise<void>;
}

/** What is wrong with one field: which, and which rule; never the value. */
export interface Problem {
  /** The field's name on the wire, or the setting's. */
  field: string;
  /** The rule, as the end of a sentence that starts with the name. */
  rule: string;
  /** The value's length in bytes of UTF-8; 0 where it has none. */
  length: number;
}

/**
 * Every way in which a call did not end well. **Read outcome and advice, not the code, to decide what to do.**
 *
 * Message, stack and JSON hold no secret, and openids masked. `answer`, `order` and `body` may hold openids: they are
 * there to be read, but not enumerable, so that no log line shows them by itself.
 */
export class RedpackError extends Error {
  private constructor(told: object, cause?: unknown);
  readonly name: 'RedpackError';
  /** What happened. */
  readonly code: Code;
  /** What is known of the order's money. Of a failed query always `unknown`. */
  readonly outcome: Outcome;
  /** What to do next. */
  readonly advice: Advice;
  /** Whom else it concerns. */
  readonly scope: Scope;
  /** Follow the advice not before this, where a time is given. */
  readonly notBefore: Date | null;
  /** The service's code, where it answered with one. */
  readonly errCode: string | null;
  /** The service's text for people. Never branch on it. */
  readonly errCodeDes: string | null;
  /** The order that the call was about. */
  readonly mchBillno: string | null;
  /** The HTTP status, where there was one. */
  readonly httpStatus: number | null;
  /** How many requests of this call may have reached the service: 0 or 1. */
  readonly attempts: number;
  /** The outcome of the call's own attempt; with a journal, `outcome` is the order's. */
  readonly attemptOutcome: Outcome;
  /** Every broken rule of a request or setting that was refused locally. */
  readonly problems: Problem[];
  /** What is wrong with the credentials: `wrong_passphrase`, `key_mismatch`, `expired` … */
  readonly credentialFault: string | null;
  /** The answer's fields, where it could be read. */
  readonly answer: Answer | null;
  /** The order as the journal has it after the call. */
  readonly order: Order | null;
  /** What the server sent, as it came, understood or not. */
  readonly body: string | null;
  /** What logs may show. */
  toJSON(): Record<string, unknown>;
}

/** Narrows what a `catch` caught. */
export function isRedpackError(error: unknown): error is RedpackError;

/** Narrows to errors of these outcomes. */
export function hasOutcome<O extends Outcome>(error: unknown, ...outcomes: O[]): error is RedpackError & { outcome: O };

/** Narrows to errors of these advices. */
export function hasAdvice<A extends Advice>(error: unknown, ...advices: A[]): error is RedpackError & { advice: A };

/** Whether money may have moved, or may move yet (`unknown`, `pending`): keep the order number. */
export function mayBePaid(error: unknown): error is RedpackError & { outcome: 'unknown' | 'pending' | 'sent' };

/** A request as bytes, ready to be posted with the merchant's certificate. */
export interface Wire {
  /** The path below the host. */
  readonly path: string;
  /** The XML document, UTF-8. */
  readonly body: string;
  /** The nonce in it. */
  readonly nonceStr: string;
  /** The order that it is about. */
  readonly mchBillno: string | null;
}

/** Wire fields; amounts may be text here. */
export type WireFields = Record<string, string | number | bigint | null | undefined>;

/** The protocol alone, for those who post by their own means: encode, post it yourself, have the answer judged. */
export class Codec {
  constructor(settings: { mchId: string; appid: string; apiKey: string; workwxSecret?: string });
  /** @throws {@link RedpackError} which names every problem at once */
  encode(endpoint: SendEndpoint | 'gethbinfo' | 'queryworkwxredpack', fields: WireFields): Wire;
  /** Encodes the generic call. */
  encodeCall(
    path: string,
    fields: WireFields | ReadonlyArray<readonly [string, string]>,
    options?: Omit<GenericCallOptions, 'signal'>,
  ): Wire;
  /** @throws {@link RedpackError} for every outcome but `sent` */
  readSend(wire: Wire, httpStatus: number, body: string | Uint8Array): SendResult;
  /** Judges the answer to a query. */
  readQuery(wire: Wire, httpStatus: number, body: string | Uint8Array): QueryResult;
  /** Judges the answer to a generic call. */
  readCall(wire: Wire, httpStatus: number, body: string | Uint8Array): Answer;
}

/** An element of an XML document. */
export interface XmlNode {
  /** Its name. */
  name: string;
  /** All its own text, with its blanks. */
  text: string;
  /** Its children in the document's order. */
  children: XmlNode[];
}

/** What is known and what now, as the tables say it. */
export interface Verdict {
  /** What is known of the money. */
  outcome: Outcome;
  /** What to do next. */
  advice: Advice;
  /** Whom else it concerns. */
  scope: Scope;
  /** How long to wait first. */
  wait: 'no' | 'one_second' | 'back_off' | 'minutes' | 'twenty_minutes' | 'tomorrow';
}

/** The protocol's pure functions: no network, no credentials. */
export namespace protocol {
  /** Signs fields: empty values and `sign` left out, the rest sorted, the key appended; upper-case hex. */
  function sign(fields: WireFields, key: string, signType?: 'MD5' | 'HMAC-SHA256'): string;
  /** Verifies a signature, MD5 or HMAC-SHA256 by its length, in constant time. */
  function verify(fields: WireFields, key: string, signature: string): boolean;
  /** The string that is signed, without the key. */
  function canonical(fields: WireFields): string;
  /** The `workwx_sign` of a WeCom red packet, over the fields that it covers. Clients add it by themselves. */
  function workwxSign(fields: WireFields, secret: string): string;
  /** The argument of `wx.sendBizRedPacket`, of the raw `package` of {@link SendResult}. */
  function bizRedPacket(
    packet: { appId: string; timeStamp: string; nonceStr: string; package: string },
    key: string,
  ): { timeStamp: string; nonceStr: string; package: string; signType: string; paySign: string };
  /** Fields as the XML that the service reads. */
  function xmlWrite(fields: WireFields): string;
  /** Reads XML under the limits of an answer: no DOCTYPE, at most 1 MiB, whole. */
  function xmlRead(xml: string | Uint8Array): XmlNode;
  /** The field `risk_info`, URL-encoded as the service wants it. */
  function riskInfo(parts: {
    /** When the user acted: seconds since 1970. */
    posttime?: number | string;
    /** Country code, `-`, number. */
    mobile?: string;
    /** MAC address or device id. */
    deviceid?: string;
    /** Version of the app. */
    clientversion?: string;
  }): string;
  /** An openid as logs may show it: `oxTW***6E`. */
  function maskOpenid(openid: string): string;
  /** A new order number, of the system's random source. Store it before you send. */
  function newMchBillno(mchId: string): string;
  /** Yuan text, exactly: `"1.23"` is 123. */
  function fenFromYuan(yuan: string): Fen;
  /** Fen as yuan text: 123 is `"1.23"`. */
  function fenToYuan(fen: Fen): string;
  /** What a kind of error, or a code of the service, says of a send. */
  function classify(what: { code: Code } | { errCode: string | null | undefined }): Verdict;
  /** Every kind of error that a call of the client can end in. */
  function kinds(): Code[];
  /** Every code of the service that the tables know. */
  function codes(): string[];
  /** The version of the library. */
  const version: string;
}

declare const redpack: {
  Client: typeof Client;
  Codec: typeof Codec;
  RedpackError: typeof RedpackError;
  isRedpackError: typeof isRedpackError;
  hasOutcome: typeof hasOutcome;
  hasAdvice: typeof hasAdvice;
  mayBePaid: typeof mayBePaid;
  protocol: typeof protocol;
};
export default redpack;
