/// <reference types="node" />

/**
 * The chain of `wechatpay-axios-plugin` over redpack's client: business code stays as it is, its import and the
 * constructor's certificates change. Mutual TLS always; connections are kept.
 *
 * **Every well-formed answer resolves**: read `return_code`, `result_code` and `err_code`. Whatever is no answer to this
 * very order rejects with a `RedpackError`, which says what is known of the money and what to do.
 *
 * @packageDocumentation
 */

import { Client, ClientSettings } from './index.js';

/** What a function in `transformResponse` is: called with the XML, or with what the one before it gave. */
export type ResponseTransformer = (this: any, data: any, headers: any, status?: number) => any;

/** The configuration of a call. What is not named here is refused, but for the `{names}` in its path. */
export interface CallConfig {
  /** Taken, and without effect: every call is made with the merchant's certificate. */
  security?: boolean;
  /** Applied to the answer in turn, the XML first. Without it the answer's fields are given. */
  transformResponse?: ResponseTransformer | ResponseTransformer[];
  /** Gives the call up: see `CallOptions` of redpack. */
  signal?: any;
  /** Values of `{names}` in the path. */
  [name: string]: any;
}

/** What a call resolves with. */
export interface Response<T> {
  /** The answer's fields. */
  data: T;
  /** Always 200: any other status rejects. */
  status: number;
  /** Always OK. */
  statusText: string;
  /** Always empty. */
  headers: any;
  /** The configuration of the call. */
  config: any;
  /** Always undefined. */
  request?: any;
}

/** An endpoint, called directly or with `.post`. */
export interface Endpoint<Data, Answer> {
  (data: Data, config?: CallConfig): Promise<Response<Answer>>;
  /** The same. */
  post(data: Data, config?: CallConfig): Promise<Response<Answer>>;
}

/** Any other endpoint, and what lies below it. */
export interface AnyEndpoint extends Endpoint<Record<string, any>, any> {
  [name: string]: any;
}

/** The fields of `sendredpack`, as business code has them. Amounts are fen: whole numbers, or their digits. */
export interface SendredpackRequest {
  nonce_str?: string;
  mch_billno: string;
  mch_id: string;
  sub_mch_id?: string;
  wxappid: string;
  msgappid?: string;
  send_name: string;
  re_openid: string;
  total_amount: string | number | bigint;
  total_num: string | number;
  wishing: string;
  client_ip: string;
  act_name: string;
  remark: string;
  scene_id?: string;
  risk_info?: string;
  consume_mch_id?: string;
}

/** The fields of its answer; all are text. */
export interface SendredpackAnswer {
  return_code: string;
  return_msg: string;
  result_code: string;
  err_code: string;
  err_code_des: string;
  mch_billno: string;
  mch_id: string;
  wxappid: string;
  re_openid: string;
  total_amount: string | number;
  send_listid: string;
}

/** The red-packet endpoints. */
export interface Mmpaymkttransfers {
  /** 发放普通红包 */
  sendredpack: Endpoint<SendredpackRequest, SendredpackAnswer>;
  /** 发放小程序红包 */
  sendminiprogramhb: AnyEndpoint;
  /** 查询红包记录 */
  gethbinfo: AnyEndpoint;
  /** 企业微信：发放企业红包 */
  sendworkwxredpack: AnyEndpoint;
  /** 企业微信：查询红包记录 */
  queryworkwxredpack: AnyEndpoint;
  [name: string]: any;
}

/** APIv2. */
export interface V2 {
  mmpaymkttransfers: Mmpaymkttransfers;
  [name: string]: any;
}

/** The constructor's configuration. */
export interface WechatpayConfig {
  /** The merchant number. */
  mchid: string;
  /** The APIv2 key (密钥), 32 characters. */
  secret: string | Uint8Array;
  /** The merchant's certificate. Paths are taken too. */
  merchant: {
    /** apiclient_cert.pem */
    cert?: string | Uint8Array;
    /** apiclient_key.pem */
    key?: string | Uint8Array;
    /** apiclient_cert.p12, also in its old form */
    pfx?: string | Uint8Array;
    /** Of the .p12; the merchant number unless given. */
    passphrase?: string;
    /** Whom to trust for the server instead of the built-in Mozilla set. */
    ca?: string | Uint8Array;
  };
  /** Another host than WeChat Pay's; https only. */
  baseURL?: string;
  /** The limit of a call in milliseconds; 20000 unless given. A send that passes it is `unknown`. */
  timeout?: number;
  /** An appid for requests without one. Unless given, each request must have its own. */
  appid?: string;
  /** Further settings of redpack's client: a journal, a hook … */
  redpack?: Partial<ClientSettings>;
  /** APIv3's: taken, and unused. */
  serial?: string;
  /** APIv3's: taken, and unused. */
  privateKey?: unknown;
  /** APIv3's: taken, and unused. */
  certs?: unknown;
}

/** A merchant, as a chain of paths. */
export class Wechatpay {
  constructor(config: WechatpayConfig);
  /** APIv2. */
  v2: V2;
  /** redpack's own client, for what the chain has no name for: `settle`, `recover`, `journal` … */
  readonly client: Client;
  /** The endpoint of a path: `wxpay.chain('v2/mmpaymkttransfers/sendredpack')`. */
  chain(path: string): AnyEndpoint;
}

/** XML to objects and back. */
export class Transformer {
  /** The fields of an XML text; what is no text is given back. */
  static toObject(xml: any): any;
  /** An object as XML. */
  static toXml(fields: any): string;
}

declare const compat: { Wechatpay: typeof Wechatpay; Transformer: typeof Transformer };
export default compat;
