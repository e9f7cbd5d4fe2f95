"""The keyword arguments of orders, named as on the wire. Lengths are bytes of UTF-8 (a Chinese character has
three)."""

from __future__ import annotations

from typing import TypedDict


class _Order(TypedDict):
    re_openid: str
    """The recipient's openid under the appid, at most 32 bytes."""
    total_amount: int
    """In fen, an int. ``fen_from_yuan`` makes one of a ``Decimal`` or a text."""
    wishing: str
    """Blessing (祝福语), at most 128 bytes."""
    act_name: str
    """Name of the activity, at most 32 bytes."""
    remark: str
    """Remark, at most 256 bytes."""


class _Common(_Order, total=False):
    mch_billno: str
    """The order number, 1 to 28 letters and digits. Required, but where a journal has the ``intent``."""
    intent: str
    """Your own name of the payment (an invoice number), at most 255 bytes. With a journal it leads to its
    order for ever."""
    scene_id: str
    """``PRODUCT_1`` to ``PRODUCT_8``: above 200 and below 1 yuan."""
    mch_id: str
    """The merchant number, for callers that repeat it: it must be the client's."""
    wxappid: str
    """Another appid of the same merchant than the client's."""
    nonce_str: str
    """A nonce of your own instead of the derived one, at most 32 bytes."""


class _Named(_Common):
    send_name: str
    """Sender's name that the user sees (商户名称), at most 32 bytes."""


class RedPack(_Named, total=False):
    """An ordinary red packet (普通红包)."""

    client_ip: str
    """IPv4 address of the calling machine; 127.0.0.1 unless given."""
    risk_info: str
    """See ``protocol.risk_info``; at most 128 bytes."""
    sub_mch_id: str
    """Service-provider mode: the sub-merchant's number."""
    msgappid: str
    """Service-provider mode: the appid through which the user is reached."""
    consume_mch_id: str
    """Service-provider mode: the merchant who pays (资金授权商户号)."""
    total_num: int
    """Must be 1, which it is unless given."""


class MiniProgramRedPack(_Named, total=False):
    """A mini program red packet (小程序红包)."""

    notify_way: str
    """Must be ``MINI_PROGRAM_JSAPI``, which it is unless given."""
    total_num: int
    """Must be 1, which it is unless given."""


class WorkwxRedPack(_Common, total=False):
    """A WeCom red packet (企业红包)."""

    sender_name: str
    """In the name of a person, at most 128 bytes; excludes ``agentid``."""
    agentid: int
    """In the name of an application: its number; excludes ``sender_name``."""
    sender_header_media_id: str
    """Media id of the sender's picture, at most 128 bytes."""
