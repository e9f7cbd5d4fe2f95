"""The protocol's pure functions: no network, no certificate."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Optional, Union

from . import _redpack
from ._raw import Element, Raw
from ._redpack import Merchant, WireRequest
from ._results import QueryResult, SendResult, Verdict
from ._settings import Fields, _pairs
from ._words import SignType

__all__ = [
    "Merchant",
    "WireRequest",
    "canonical",
    "classify",
    "codes",
    "encode",
    "encode_call",
    "fen_from_yuan",
    "fen_to_yuan",
    "kinds",
    "mask_openid",
    "new_mch_billno",
    "parse",
    "pay_sign",
    "risk_info",
    "sign",
    "verify",
    "workwx_sign",
    "write",
]


def sign(fields: Fields, key: str, sign_type: Union[SignType, str] = SignType.MD5) -> str:
    """Signs fields with the API key: empty values and a field ``sign`` left out, the rest sorted."""
    return _redpack.sign(_pairs(fields), key, str(sign_type))


def verify(fields: Fields, key: str, signature: str) -> bool:
    """Whether a signature is right, MD5 or HMAC-SHA256 by its length. Compared in constant time."""
    return _redpack.verify(_pairs(fields), key, signature)


def canonical(fields: Fields) -> str:
    """What is signed, without the key: for comparing with another implementation."""
    return _redpack.canonical(_pairs(fields))


def workwx_sign(fields: Fields, secret: str) -> str:
    """The ``workwx_sign`` of a WeCom red packet, over the fields that it covers. Clients add it themselves."""
    return _redpack.workwx_sign(_pairs(fields), secret)


def pay_sign(app_id: str, time_stamp: str, nonce_str: str, package: str, key: str) -> str:
    """``paySign`` of ``wx.sendBizRedPacket``. ``package`` is the raw one of ``SendResult``; give it to the mini
    program URL-encoded."""
    return _redpack.pay_sign(app_id, time_stamp, nonce_str, package, key)


def encode(endpoint: str, fields: Mapping[str, Union[str, int]], merchant: Merchant) -> WireRequest:
    """Completes, checks, signs and writes a request: the bytes that a client would send.

    :param endpoint: ``sendredpack``, ``sendminiprogramhb``, ``sendworkwxredpack``, ``gethbinfo`` or
        ``queryworkwxredpack``
    :raises InvalidRequest: with every broken rule in ``problems``
    """
    return _redpack.encode(endpoint, dict(fields), merchant)


def encode_call(
    path: str,
    fields: Fields,
    merchant: Merchant,
    *,
    sign_type: Union[SignType, str] = SignType.MD5,
    merchant_field: str = "mch_id",
    signed_answer: bool = False,
) -> WireRequest:
    """The same of any other endpoint; see ``Client.call``."""
    sign = str(sign_type)
    return _redpack.encode_call(path, _pairs(fields), merchant, sign, merchant_field, signed_answer)


def classify(wire: WireRequest, http_status: int, body: bytes) -> Union[SendResult, QueryResult, Raw]:
    """Judges the answer to a request that was posted by other means: what a client would return.

    :raises RedpackError: what a client would raise
    """
    kind, told = _redpack.classify(wire, http_status, body)
    if kind == "send":
        return SendResult._of(told)
    return QueryResult._of(told) if kind == "query" else Raw._of(told)


def parse(body: bytes) -> Element:
    """Reads an XML answer under limits: whole, no DOCTYPE, no entities but the five, at most 1 MiB.

    :raises InvalidRequest: for anything else
    """
    return _element(_redpack.xml_read(body))


def _element(told: tuple[str, str, tuple[object, ...]]) -> Element:
    name, text, children = told
    return Element(name, text, tuple(_element(child) for child in children))  # type: ignore[arg-type]


def write(fields: Fields) -> str:
    """Writes fields as the XML that the service reads."""
    return _redpack.xml_write(_pairs(fields))


def new_mch_billno(mch_id: str) -> str:
    """Makes an order number: the merchant number, the day in Beijing, then random characters of the system's.
    Store it durably before you send: a retry re-uses it. Safe after ``fork``."""
    return _redpack.new_mch_billno(mch_id)


def fen_from_yuan(yuan: Union[Decimal, str]) -> int:
    """Yuan as an int of fen, exactly: ``"1.23"`` is 123. A float is a TypeError, and what is no whole number of
    fen an InvalidRequest."""
    if isinstance(yuan, Decimal):
        # A Decimal may be written as 1E+2, and its zeros behind the point say nothing of its value.
        text = f"{yuan:f}"
        whole, _, decimals = text.partition(".")
        decimals = decimals.rstrip("0")
        yuan = f"{whole}.{decimals}" if decimals else whole
    if not isinstance(yuan, str):
        raise TypeError(f"yuan must be a Decimal or a str, not {type(yuan).__name__}")
    return _redpack.fen_from_yuan(yuan)


def fen_to_yuan(fen: int) -> str:
    """Fen as yuan with two decimals, for people: 123 is ``"1.23"``."""
    if isinstance(fen, bool) or not isinstance(fen, int):
        raise TypeError(f"fen must be an int, not {type(fen).__name__}")
    return _redpack.fen_to_yuan(fen)


def risk_info(
    *,
    posttime: Optional[str] = None,
    mobile: Optional[str] = None,
    deviceid: Optional[str] = None,
    clientversion: Optional[str] = None,
) -> str:
    """The value of the field ``risk_info``, URL-encoded as the service wants it.

    :param posttime: when the user acted, in seconds since 1970
    :param mobile: country code, ``-``, number, without ``+``
    """
    return _redpack.risk_info(posttime or "", mobile or "", deviceid or "", clientversion or "")


def mask_openid(openid: str) -> str:
    """An openid as logs may show it: ``oxTW***6E``."""
    return _redpack.mask_openid(openid)


def kinds() -> dict[str, Verdict]:
    """What each kind of error means that is no answer of the service."""
    return {kind: Verdict._of(told) for kind, told in _redpack.kinds()}


def codes() -> dict[str, Verdict]:
    """What each known ``err_code`` means in an answer to a send. A code in no row is unknown."""
    return {code: Verdict._of(told) for code, told in _redpack.codes()}
