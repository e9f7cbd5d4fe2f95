"""What clients are made of."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Callable, Optional, TypedDict, Union

from ._journal import Journal
from ._results import AttemptEvent
from ._words import Failover

Material = Union[str, bytes, "os.PathLike[str]"]
"""A path; or content, as bytes or as PEM text."""
Fields = Union[Mapping[str, Union[str, int]], Iterable["tuple[str, Union[str, int]]"]]
"""Names with values, each a text or an int."""


def _pairs(fields: Fields) -> list[tuple[str, Union[str, int]]]:
    return list(fields.items() if isinstance(fields, Mapping) else fields)


@dataclass(frozen=True)
class Caps:
    """Local limits in fen, counted in the journal by the day in Beijing; None is no limit. A send that would
    pass one is not sent. They need a journal."""

    order: Optional[int] = None
    """For one order."""
    recipient_day: Optional[int] = None
    """For one recipient and day."""
    merchant_day: Optional[int] = None
    """For the merchant and day."""


class _Merchant(TypedDict):
    mch_id: str
    appid: str
    api_key: str


class Settings(_Merchant, total=False):
    """The keyword arguments of ``Client`` and ``AsyncClient``; ``Client.__init__`` describes them."""

    certificate: Optional[Material]
    private_key: Optional[Material]
    pkcs12: Optional[Material]
    passphrase: Optional[str]
    workwx_secret: Optional[str]
    base_url: Optional[str]
    backup_url: Optional[str]
    failover: Union[Failover, str, None]
    roots: Optional[Material]
    connect_limit: Optional[float]
    attempt_limit: Optional[float]
    proxy: Optional[str]
    source_address: Optional[str]
    ipv4_only: bool
    journal: Union[Journal, str, None]
    caps: Optional[Caps]
    pace: Optional[int]
    paced_sends: bool
    on_attempt: Optional[Callable[[AttemptEvent], object]]
