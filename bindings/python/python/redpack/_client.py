"""The client: one call, one wire send, one outcome."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Callable, Optional, Union

from . import _redpack
from ._errors import SetupError
from ._journal import Journal
from ._orders import Reconciled, Recovered, Settlement
from ._raw import Raw
from ._results import AttemptEvent, Check, QueryResult, SendResult
from ._settings import Caps, Fields, Material, _pairs
from ._words import Advice, Evidence, Failover, Outcome, Scope, SignType

if TYPE_CHECKING:
    from types import TracebackType

    from typing_extensions import Self, Unpack

    from ._fields import MiniProgramRedPack, RedPack, WorkwxRedPack

def _word(word: Any) -> Any:
    return None if word is None else str(word)


def _gone() -> SetupError:
    return SetupError(
        {
            "kind": "configuration",
            "message": "the client was shut down: make another one",
            "outcome": Outcome.NOT_SENT,
            "advice": Advice.FIX_SETUP,
            "scope": Scope.MERCHANT,
        }
    )


class Client:
    """Sends red packets for one merchant and asks what became of them.

    - Every call is **exactly one** request on the wire (``settle`` and its kin make several), and it blocks for
      at most ``attempt_limit``. Other threads run meanwhile.
    - ``send`` returns only if the packet was sent. Everything else is raised as a ``RedpackError``; read its
      ``outcome`` and ``advice``.
    - One client serves any number of threads. After ``fork`` the child may go on using it: it opens connections
      of its own. It can't be pickled, since it holds keys.
    """

    __slots__ = ("_native",)
    _native: Optional[_redpack.Client]

    def __init__(
        self,
        *,
        mch_id: str,
        appid: str,
        api_key: str,
        certificate: Optional[Material] = None,
        private_key: Optional[Material] = None,
        pkcs12: Optional[Material] = None,
        passphrase: Optional[str] = None,
        workwx_secret: Optional[str] = None,
        base_url: Optional[str] = None,
        backup_url: Optional[str] = None,
        failover: Union[Failover, str, None] = None,
        roots: Optional[Material] = None,
        connect_limit: Optional[float] = None,
        attempt_limit: Optional[float] = None,
        proxy: Optional[str] = None,
        source_address: Optional[str] = None,
        ipv4_only: bool = False,
        journal: Union[Journal, str, None] = None,
        caps: Optional[Caps] = None,
        pace: Optional[int] = None,
        paced_sends: bool = False,
        on_attempt: Optional[Callable[[AttemptEvent], object]] = None,
    ) -> None:
        """Reads the credentials and checks everything, without touching the network.

        :param mch_id: the merchant number (in service-provider mode the provider's)
        :param appid: the appid that requests carry unless they name another
        :param api_key: the APIv2 key (APIv2 密钥), 32 visible ASCII characters
        :param certificate: ``apiclient_cert.pem``: its path, or its content as bytes or as PEM text
        :param private_key: ``apiclient_key.pem``, likewise; unencrypted PKCS#8 or PKCS#1
        :param pkcs12: instead of the two: ``apiclient_cert.p12``, its path or its bytes
        :param passphrase: of the ``.p12``; the merchant number unless given, as WeChat makes these files
        :param workwx_secret: the secret of the WeCom admin's application 企业支付, for WeCom red packets
        :param base_url: another host than WeChat Pay's primary one; https only
        :param backup_url: another backup host; a client of another primary host has none unless it is given
        :param failover: when the backup host takes over; ``connect_phase`` unless given
        :param roots: whom to trust instead of the built-in Mozilla set: PEM, its path or content; or
            ``"system"``. There is no way to trust everybody
        :param connect_limit: seconds for resolving, connecting and TLS together; 5 unless given
        :param attempt_limit: seconds for a whole call; 20 unless given. A send that passes it is unknown, not
            failed
        :param proxy: ``http://HOST:PORT``, which is asked for a tunnel. None is taken from the environment
        :param source_address: the local IP address to send from
        :param ipv4_only: leaves IPv6 addresses of the host out
        :param journal: what makes payments survive crashes: a ``Journal`` or its URL
        :param caps: local limits, kept in the journal
        :param pace: attempts a second of ``settle`` and its kin, over all processes of the journal; 30 unless
            given
        :param paced_sends: whether plain sends keep that pace too
        :param on_attempt: called after each attempt, on the thread that makes it, before the caller hears of
            it. What it raises goes to ``sys.unraisablehook``. It must not call the client for the same order

        :raises SetupError: what can't be used; ``credential_fault`` says what is wrong with the credentials
        :raises JournalError: the journal can't be opened
        """
        self._native = _redpack.Client(
            {
                "mch_id": mch_id,
                "appid": appid,
                "api_key": api_key,
                "credentials": _given(certificate, private_key, pkcs12, passphrase),
                "workwx_secret": workwx_secret,
                "base_url": base_url,
                "backup_url": backup_url,
                "failover": _word(failover),
                "roots": roots,
                "connect_limit": connect_limit,
                "attempt_limit": attempt_limit,
                "proxy": proxy,
                "source_address": source_address,
                "ipv4_only": ipv4_only,
                "journal": journal._native if isinstance(journal, Journal) else journal,
                "caps": None if caps is None else (caps.order, caps.recipient_day, caps.merchant_day),
                "pace": pace,
                "paced_sends": paced_sends,
                "on_attempt": on_attempt,
            }
        )

    def _live(self) -> _redpack.Client:
        if self._native is None:
            raise _gone()
        return self._native

    def send(self, **order: Unpack[RedPack]) -> SendResult:
        """Sends an ordinary red packet: exactly one request on the wire. It returns only if it was sent.

        Keyword arguments as in ``RedPack``: ``mch_billno, re_openid, total_amount`` (int fen), ``send_name,
        wishing, act_name, remark``, and what is optional there. Store the number before you send: a retry
        re-uses it. With a journal, an order that was sent before gives its record (``recorded``), and nothing
        is sent.

        :raises RedpackError: every other outcome; see the classes below it
        """
        return SendResult._of(self._live().send("sendredpack", order))

    def send_mini_program(self, **order: Unpack[MiniProgramRedPack]) -> SendResult:
        """As ``send``, a mini program red packet. The result's ``package`` goes to ``protocol.pay_sign``."""
        return SendResult._of(self._live().send("sendminiprogramhb", order))

    def send_workwx(self, **order: Unpack[WorkwxRedPack]) -> SendResult:
        """As ``send``, a WeCom red packet. The client needs ``workwx_secret``; the answer must be signed."""
        return SendResult._of(self._live().send("sendworkwxredpack", order))

    def query(self, mch_billno: str, *, appid: Optional[str] = None) -> QueryResult:
        """Asks what became of an ordinary or mini program red packet, at most 30 days old. NOT_FOUND is an
        answer (``found`` is False), and **no** failure of the order.

        :raises RedpackError: the query itself failed; that says nothing of the order
        """
        told = self._live().query("gethbinfo", {"mch_billno": mch_billno, "appid": appid})
        return QueryResult._of(told)

    def query_workwx(self, mch_billno: str, *, appid: Optional[str] = None) -> QueryResult:
        """The same of a WeCom red packet; its answer must be signed."""
        told = self._live().query("queryworkwxredpack", {"mch_billno": mch_billno, "appid": appid})
        return QueryResult._of(told)

    def call(
        self,
        path: str,
        fields: Fields,
        *,
        sign_type: Union[SignType, str] = SignType.MD5,
        merchant_field: str = "mch_id",
        signed_answer: bool = False,
    ) -> Raw:
        """Calls any other endpoint of APIv2, under the rules of a send.

        :param path: below the host: ``/mmpaymkttransfers/…``
        :param fields: a mapping or pairs, without the merchant number, nonce and signature, which are added.
            All of them are signed, so give exactly those that the endpoint documents
        :param merchant_field: the name under which the merchant number is added (transfers: ``mchid``)
        :param signed_answer: whether a successful answer without a signature is refused
        """
        sign = str(sign_type)
        return Raw._of(self._live().call(path, _pairs(fields), sign, merchant_field, signed_answer))

    def settle(self, *, limit: float = 60.0, **order: Unpack[RedPack]) -> Settlement:
        """Attempts and asks until the money question of an order has its answer (sent, or closed), or so many
        seconds are over. Call it again with the same order at any time, from any process. It needs a journal.

        Arguments as of ``send``; with an ``intent``, the number may be left out. It never makes a second order,
        never attempts one whose outcome is unknown before a query has said that nothing is known of it, and
        never later than 3 days after the first attempt. Ctrl-C ends the wait; the journal has the order.

        :raises RedpackError: only where nothing can be said of the order. One that could not be settled in time
            is returned: read its ``outcome`` and ``advice``
        """
        return Settlement._of(self._live().settle("sendredpack", order, limit))

    def settle_mini_program(
        self, *, limit: float = 60.0, **order: Unpack[MiniProgramRedPack]
    ) -> Settlement:
        """As ``settle``, a mini program red packet."""
        return Settlement._of(self._live().settle("sendminiprogramhb", order, limit))

    def settle_workwx(self, *, limit: float = 60.0, **order: Unpack[WorkwxRedPack]) -> Settlement:
        """As ``settle``, a WeCom red packet."""
        return Settlement._of(self._live().settle("sendworkwxredpack", order, limit))

    def amend(self, **order: Unpack[RedPack]) -> Settlement:
        """Gives an order in the journal, found by its number or ``intent``, the other fields of this call:
        ``wishing``, ``remark`` and so on, never recipient or amount. Nothing is sent.

        That is how the advice ``fix_order`` is followed with a journal, which otherwise sends every attempt as
        the order was prepared; then send or settle it again.

        :raises RedpackError: of kind ``not_permitted`` once it was sent, is closed, under way, or may have been
            paid; ``order_conflict`` where recipient, amount or another identity field differs
        """
        return Settlement._of(self._live().amend("sendredpack", order))

    def amend_mini_program(self, **order: Unpack[MiniProgramRedPack]) -> Settlement:
        """As ``amend``, a mini program red packet."""
        return Settlement._of(self._live().amend("sendminiprogramhb", order))

    def amend_workwx(self, **order: Unpack[WorkwxRedPack]) -> Settlement:
        """As ``amend``, a WeCom red packet."""
        return Settlement._of(self._live().amend("sendworkwxredpack", order))

    def settle_number(self, mch_billno: str, *, limit: float = 60.0) -> Settlement:
        """As ``settle``, an order that the journal has, of any kind."""
        return Settlement._of(self._live().settle_number(mch_billno, limit))

    def close(self, mch_billno: str) -> Settlement:
        """Promises in the journal that the order is never attempted again, by anyone: then its advice is
        ``new_order_allowed``. To let the client go, see ``shutdown``.

        :raises RedpackError: of kind ``not_permitted`` while the money may have moved
        """
        return Settlement._of(self._live().close(mch_billno))

    def resolve(
        self,
        mch_billno: str,
        evidence: Union[Evidence, str],
        *,
        who: str,
        why: str,
        send_listid: Optional[str] = None,
    ) -> Settlement:
        """Records what an operator found out about an order that no machine can settle any more."""
        told = self._live().resolve(mch_billno, str(evidence), who, why, send_listid)
        return Settlement._of(told)

    def recover(self, *, limit: float = 60.0) -> Recovered:
        """Settles, or explains, the orders that are open and due: when your program starts, and from time to
        time. Several processes may do it at once; each order is one's."""
        return Recovered._of(self._live().recover(limit))

    def reconcile(self, *, limit: float = 60.0) -> Reconciled:
        """Asks what became of orders that were sent and are due for a look: claimed, or the money back?"""
        return Reconciled._of(self._live().reconcile(limit))

    def check(self) -> Check:
        """Inspects credentials and settings without touching the network."""
        return Check._of(self._live().check())

    def replace_credentials(
        self,
        *,
        certificate: Optional[Material] = None,
        private_key: Optional[Material] = None,
        pkcs12: Optional[Material] = None,
        passphrase: Optional[str] = None,
    ) -> None:
        """Replaces certificate and key in the running client. Calls under way finish with the old ones; if the
        new ones can't be used, nothing changes."""
        self._live().replace_credentials(_given(certificate, private_key, pkcs12, passphrase))

    def replace_api_key(self, api_key: str) -> None:
        """Replaces the APIv2 key in the running client."""
        self._live().replace_api_key(api_key)

    @property
    def journal(self) -> Optional[Journal]:
        """The client's journal, where it has one."""
        native = self._live().journal
        return None if native is None else Journal._of(native)

    @property
    def mch_id(self) -> str:
        """The merchant number."""
        return self._live().mch_id

    def shutdown(self) -> None:
        """Lets keys and connections go. Calls under way finish; later ones raise ``SetupError``."""
        self._native = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: Optional[type[BaseException]],
        error: Optional[BaseException],
        traceback: Optional[TracebackType],
    ) -> None:
        self.shutdown()

    def __repr__(self) -> str:
        if self._native is None:
            return f"<{type(self).__name__}, shut down>"
        return f"{type(self).__name__}(mch_id={self._native.mch_id!r}, base_url={self._native.base_url!r})"

    def __reduce__(self) -> Any:
        raise TypeError("a Client holds keys and can't be pickled: make one in each process")


def _given(
    certificate: Optional[Material],
    private_key: Optional[Material],
    pkcs12: Optional[Material],
    passphrase: Optional[str],
) -> dict[str, Any]:
    return {
        "certificate": certificate,
        "private_key": private_key,
        "pkcs12": pkcs12,
        "passphrase": passphrase,
    }
