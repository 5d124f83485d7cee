"""Every setting of Golmok, read once from the environment. Reference: docs/reference/settings.md."""

import os
import secrets
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

OPERATOR_NEEDS = (
    "name",
    "representative",
    "business_number",
    "mail_order_number",
    "address",
    "phone",
    "email",
)


@dataclass(frozen=True)
class Operator:
    """Who runs this Golmok, as buyers must be able to read it. An empty field was not filled in."""

    name: str = ""
    name_en: str = ""
    representative: str = ""
    business_number: str = ""
    mail_order_number: str = ""
    address: str = ""
    address_en: str = ""
    phone: str = ""
    email: str = ""
    hosting: str = ""
    """The company on whose servers the data are."""
    privacy_officer: str = ""
    """Who answers for personal data; the representative where nobody is named."""

    @property
    def missing(self) -> list[str]:
        """The settings without which buyers do not know with whom they deal."""
        return [f"GOLMOK_OPERATOR_{field.upper()}" for field in OPERATOR_NEEDS if not getattr(self, field)]


@dataclass(frozen=True)
class Toss:
    """The contract with Toss Payments. Empty keys: none."""

    client_key: str = ""
    """Public: the buyer's browser opens the payment window with it."""
    secret_key: str = field(default="", repr=False)
    api: str = "https://api.tosspayments.com"
    script: str = "https://js.tosspayments.com/v2/standard"
    methods: tuple[str, ...] = ("card",)
    """Of ``card`` (cards and simple pays), ``transfer``, ``virtual_account``."""

    @property
    def origin(self) -> str:
        """Where its script and windows come from, for the content policy. Its own are on several hosts."""
        address = urlsplit(self.script)
        is_its_own = (address.hostname or "").endswith(".tosspayments.com")
        return "https://*.tosspayments.com" if is_its_own else f"{address.scheme}://{address.netloc}"


@dataclass(frozen=True)
class PortOne:
    """The operator's contract with PortOne; an empty field was not filled in."""

    store_id: str = ""
    channel_key: str = ""
    """Which payment company's window opens."""
    pay_method: str = "CARD"
    api_secret: str = field(default="", repr=False)
    webhook_secret: str = field(default="", repr=False)
    api: str = "https://api.portone.io"
    script: str = "https://cdn.portone.io/v2/browser-sdk.js"

    @property
    def origin(self) -> str:
        """Where its script comes from, for the content policy."""
        address = urlsplit(self.script)
        return f"{address.scheme}://{address.netloc}"

    @property
    def missing(self) -> list[str]:
        """The settings without which nobody can pay by it."""
        needs = ("store_id", "channel_key", "api_secret", "webhook_secret")
        return [f"GOLMOK_PORTONE_{name.upper()}" for name in needs if not getattr(self, name)]


@dataclass(frozen=True)
class BankAccount:
    """The account that buyers transfer to, and how long their goods are kept for it."""

    bank: str = ""
    number: str = ""
    holder: str = ""
    """Who may take the money (docs/decisions/0048)."""
    hours: int = 24
    live_hours: int = 2
    """As `hours`, for goods bought in a show while it is on the air."""

    @property
    def missing(self) -> list[str]:
        """The settings without which nobody can pay by transfer."""
        names = {
            "GOLMOK_BANK_NAME": self.bank,
            "GOLMOK_BANK_ACCOUNT": self.number,
            "GOLMOK_BANK_HOLDER": self.holder,
        }
        return [name for name, value in names.items() if not value]


@dataclass(frozen=True)
class Configuration:
    """What the operator chose. Times are seconds, sizes bytes."""

    var: Path
    """Where everything that changes lives: database, show folders, uploads, secret."""
    database_url: str
    port: int
    public_url: str
    """The address people type, without a trailing slash; used in shared links and pictures."""
    secret_key: str
    debug: bool
    data_saver: bool
    """Make a second, 360p rendition of every show (costs CPU, see docs/guides/operator.md)."""
    hold_seconds: int
    line_per_address: int
    """Places in the line before the till for buyers behind one address."""
    open_units_per_address: int
    """Units of one thing that may be kept, unpaid, for one internet address; 0 for no limit."""
    waiting_per_address: int
    """Places in one waiting list for buyers behind one address; 0 for no limit."""
    till_at_once: int | None
    """Wishes to buy before the writer at a time, above which a line forms; measured when None."""
    payments: tuple[str, ...]
    """The gateways that buyers may pay by (see `golmok.domain.orders.gateways`)."""
    toss: Toss
    portone: PortOne
    bank_account: BankAccount
    operator: Operator
    mail_url: str
    """The server that takes e-mail (see `golmok.settings.mail`); empty when there is none."""
    mail_from: str
    juso_key: str = field(repr=False)
    """Approval key of the road-name address service; empty: addresses are typed by hand alone."""
    juso_api: str

    @property
    def shows(self) -> Path:
        """The show folders, served to the public."""
        return self.var / "shows"

    @property
    def ingest(self) -> Path:
        """Chunks of picture as they came, until they are packaged. Never served."""
        return self.var / "ingest"


def read_configuration() -> Configuration:
    var = Path(os.environ.get("GOLMOK_VAR", "var")).resolve()
    port = int(os.environ.get("PORT", "8000"))
    public_url = os.environ.get("GOLMOK_PUBLIC_URL", f"http://127.0.0.1:{port}").rstrip("/")
    return Configuration(
        var=var,
        database_url=os.environ.get("DATABASE_URL", f"sqlite:///{var / 'golmok.sqlite3'}"),
        port=port,
        public_url=public_url,
        secret_key=os.environ.get("GOLMOK_SECRET_KEY") or _kept_secret(var),
        debug=_flag("GOLMOK_DEBUG"),
        data_saver=_flag("GOLMOK_DATA_SAVER"),
        hold_seconds=int(os.environ.get("GOLMOK_HOLD_SECONDS", "600")),
        line_per_address=int(os.environ.get("GOLMOK_LINE_PER_ADDRESS", "500")),
        open_units_per_address=int(os.environ.get("GOLMOK_OPEN_UNITS_PER_ADDRESS", "20")),
        waiting_per_address=int(os.environ.get("GOLMOK_WAITING_PER_ADDRESS", "20")),
        till_at_once=int(os.environ.get("GOLMOK_TILL_AT_ONCE", "0")) or None,
        payments=_names(os.environ.get("GOLMOK_PAYMENTS", "test")),
        toss=read_toss(),
        portone=read_portone(),
        bank_account=read_bank_account(),
        operator=read_operator(),
        mail_url=os.environ.get("GOLMOK_MAIL_URL", ""),
        mail_from=os.environ.get("GOLMOK_MAIL_FROM") or f"golmok@{urlsplit(public_url).hostname}",
        juso_key=os.environ.get("GOLMOK_JUSO_KEY", ""),
        juso_api=os.environ.get("GOLMOK_JUSO_API", "https://business.juso.go.kr").rstrip("/"),
    )


def read_operator() -> Operator:
    return Operator(
        name=os.environ.get("GOLMOK_OPERATOR_NAME", ""),
        name_en=os.environ.get("GOLMOK_OPERATOR_NAME_EN", ""),
        representative=os.environ.get("GOLMOK_OPERATOR_REPRESENTATIVE", ""),
        business_number=os.environ.get("GOLMOK_OPERATOR_BUSINESS_NUMBER", ""),
        mail_order_number=os.environ.get("GOLMOK_OPERATOR_MAIL_ORDER_NUMBER", ""),
        address=os.environ.get("GOLMOK_OPERATOR_ADDRESS", ""),
        address_en=os.environ.get("GOLMOK_OPERATOR_ADDRESS_EN", ""),
        phone=os.environ.get("GOLMOK_OPERATOR_PHONE", ""),
        email=os.environ.get("GOLMOK_OPERATOR_EMAIL", ""),
        hosting=os.environ.get("GOLMOK_OPERATOR_HOSTING", ""),
        privacy_officer=os.environ.get("GOLMOK_OPERATOR_PRIVACY_OFFICER", ""),
    )


def read_toss() -> Toss:
    return Toss(
        client_key=os.environ.get("GOLMOK_TOSS_CLIENT_KEY", ""),
        secret_key=os.environ.get("GOLMOK_TOSS_SECRET_KEY", ""),
        api=os.environ.get("GOLMOK_TOSS_API", Toss.api).rstrip("/"),
        script=os.environ.get("GOLMOK_TOSS_SCRIPT", Toss.script),
        methods=_names(os.environ.get("GOLMOK_TOSS_METHODS", "card")),
    )


def read_portone() -> PortOne:
    return PortOne(
        store_id=os.environ.get("GOLMOK_PORTONE_STORE_ID", ""),
        channel_key=os.environ.get("GOLMOK_PORTONE_CHANNEL_KEY", ""),
        pay_method=os.environ.get("GOLMOK_PORTONE_PAY_METHOD", PortOne.pay_method),
        api_secret=os.environ.get("GOLMOK_PORTONE_API_SECRET", ""),
        webhook_secret=os.environ.get("GOLMOK_PORTONE_WEBHOOK_SECRET", ""),
        api=os.environ.get("GOLMOK_PORTONE_API", PortOne.api).rstrip("/"),
        script=os.environ.get("GOLMOK_PORTONE_SCRIPT", PortOne.script),
    )


def read_bank_account() -> BankAccount:
    return BankAccount(
        bank=os.environ.get("GOLMOK_BANK_NAME", ""),
        number=os.environ.get("GOLMOK_BANK_ACCOUNT", ""),
        holder=os.environ.get("GOLMOK_BANK_HOLDER", ""),
        hours=int(os.environ.get("GOLMOK_BANK_TRANSFER_HOURS", BankAccount.hours)),
        live_hours=int(os.environ.get("GOLMOK_BANK_TRANSFER_LIVE_HOURS", BankAccount.live_hours)),
    )


def _names(listed: str) -> tuple[str, ...]:
    """Of a list with commas, each once."""
    return tuple(dict.fromkeys(name.strip() for name in listed.split(",") if name.strip()))


def _flag(name: str) -> bool:
    return os.environ.get(name, "").lower() in {"1", "true", "yes", "on"}


def _kept_secret(var: Path) -> str:
    """The installation's own secret, made on the first start and readable by its owner alone."""
    path = var / "secret-key"
    if not path.exists():
        var.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(48))
    return path.read_text().strip()


CONFIGURATION = read_configuration()
