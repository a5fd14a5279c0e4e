"""Read the recorded CAP files, and make messages of our own that differ in one thing."""

from datetime import UTC, datetime, timedelta
from importlib.resources import files

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID
from lxml import etree
from signxml.signer import XMLSigner

FOLDER = files("anlan.warning.gateways.cap") / "specimens"
FILES = {each.name: each.read_bytes() for each in FOLDER.iterdir() if each.name.endswith(".xml")}
SOUND = {name: data for name, data in FILES.items() if not name.startswith("bad_")}
NAMESPACE = "urn:oasis:names:tc:emergency:cap:1.2"

AREA = "<area><areaDesc>上河镇</areaDesc></area>"
INFO = (
    "<info><language>zh-CN</language><category>Met</category><event>暴雨</event>"
    "<urgency>Immediate</urgency><severity>Severe</severity><certainty>Likely</certainty>"
    "{more}{area}</info>"
)


def message(
    *,
    identifier: str = "61070341600000_20240715193000_0",
    sender: str = "qx@shi.example.cn",
    sent: str = "2024-07-15T19:30:00+08:00",
    status: str = "Actual",
    msg_type: str = "Alert",
    scope: str = "<scope>Public</scope>",
    after_scope: str = "",
    more: str = "",
    area: str = AREA,
    info: str | None = None,
    end: str = "",
) -> str:
    """Return a message in words of our own; each argument stands where the schema puts it."""
    body = INFO.format(more=more, area=area) if info is None else info
    return (
        f'<alert xmlns="{NAMESPACE}"><identifier>{identifier}</identifier>'
        f"<sender>{sender}</sender><sent>{sent}</sent><status>{status}</status>"
        f"<msgType>{msg_type}</msgType>{scope}{after_scope}{body}{end}</alert>"
    )


def reference(
    identifier: str = "61070341600000_20240715193000_0",
    *,
    sender: str = "qx@shi.example.cn",
    sent: str = "2024-07-15T19:30:00+08:00",
) -> str:
    """Return the element that names another message."""
    return f"<references>{sender},{identifier},{sent}</references>"


class Signer:
    """Somebody with a key and a certificate, by themselves or issued by another."""

    def __init__(
        self,
        name: str,
        *,
        issuer: "Signer | None" = None,
        is_authority: bool = False,
        start: datetime = datetime(2020, 1, 1, tzinfo=UTC),
        days: int = 3650,
    ) -> None:
        self.key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        self.certificate: x509.Certificate = (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(issuer.certificate.subject if issuer else subject)
            .public_key(self.key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(start)
            .not_valid_after(start + timedelta(days=days))
            .add_extension(x509.BasicConstraints(ca=is_authority, path_length=None), critical=True)
            .sign((issuer or self).key, hashes.SHA256())
        )

    @property
    def pem(self) -> str:
        """Return the certificate as a county would paste it."""
        return self.certificate.public_bytes(serialization.Encoding.PEM).decode()

    def sign(
        self, text: str, *, algorithm: str = "http://www.w3.org/2001/10/xml-exc-c14n#"
    ) -> bytes:
        """Return a message with this signer's signature in it."""
        root = etree.fromstring(text.encode())
        signer = XMLSigner(c14n_algorithm=algorithm)
        signed = signer.sign(root, key=self.key, cert=[self.certificate])
        return bytes(etree.tostring(signed, encoding="utf-8"))
