"""An answer's fields as they came."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple, Optional, Union

from . import _redpack

RawValue = Union[str, "Raw", "tuple[Union[str, Raw], ...]"]

# Other fields may hold an openid.
_SHOWN = ("return_code", "result_code", "err_code", "status")


def _frozen(value: Any) -> RawValue:
    if isinstance(value, dict):
        return Raw(value)
    if isinstance(value, list):
        return tuple(_frozen(item) for item in value)  # type: ignore[misc]
    return str(value)


_OPENID = re.compile(r"(?<![\w-])o[0-9A-Za-z_-]{27}(?![\w-])", re.ASCII)


def _masked(found: re.Match[str]) -> str:
    return _redpack.mask_openid(found[0])


class Raw(Mapping[str, RawValue]):
    """Every field of an answer, known or not, by its name on the wire; it can't be changed.

    A field's value is its text as it came, with its blanks. A field that has fields of its own (``hblist``) is
    a ``Raw``; one that came several times is a tuple. ``repr`` shows the codes only, since other fields may
    hold an openid.
    """

    __slots__ = ("_fields",)
    _fields: dict[str, RawValue]

    def __init__(self, fields: Mapping[str, Any]) -> None:
        # Nearly all are texts, and a call for each would be felt.
        frozen = {name: value if type(value) is str else _frozen(value) for name, value in fields.items()}
        object.__setattr__(self, "_fields", frozen)

    @classmethod
    def _of(cls, told: Any) -> Raw:
        # A document without any field is told as its text.
        return cls(told if isinstance(told, dict) else {})

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError("an answer can't be changed")

    def __delattr__(self, name: str) -> None:
        raise AttributeError("an answer can't be changed")

    def __getitem__(self, name: str) -> RawValue:
        return self._fields[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._fields)

    def __len__(self) -> int:
        return len(self._fields)

    def text(self, name: str) -> Optional[str]:
        """A field's text without the blanks round it; None where it is missing, empty, or has fields of its
        own."""
        value = self._fields.get(name)
        if isinstance(value, tuple):
            value = value[0]
        return (value.strip() or None) if isinstance(value, str) else None

    def __repr__(self) -> str:
        # A code is the server's word, and may be anything.
        texts = {name: _OPENID.sub(_masked, self.text(name) or "") for name in _SHOWN}
        shown = [f"{name}={text!r}" for name, text in texts.items() if text]
        return f"Raw({', '.join([*shown, f'fields={len(self)}'])})"

    def __reduce__(self) -> tuple[Any, ...]:
        return (_raw, (dict(self._fields),))

    def __copy__(self) -> Raw:
        return self

    def __deepcopy__(self, memo: object) -> Raw:
        return self


def _raw(fields: dict[str, RawValue]) -> Raw:
    made = Raw({})
    object.__setattr__(made, "_fields", fields)
    return made


class Element(NamedTuple):
    """One element of an XML document, exactly as it came."""

    name: str
    """Its name as written, prefix included."""
    text: str
    """All its own text, untrimmed, CDATA and plain text joined, entities resolved."""
    children: tuple[Element, ...]
    """Its child elements, in the document's order."""
