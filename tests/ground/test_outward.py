"""The one door to the outside: nothing inside is reached through it, however the address is dressed up."""

from __future__ import annotations

import ipaddress
import socket
import ssl
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from flask import Flask

from cogov.ground import outward
from cogov.ground.addresses import LARGEST_ANSWER, Call, is_public, why_not_call
from cogov.ground.outward import Away, Barred, post
from cogov.ground.settings import insist_on_production, read
from cogov.ground.vault import Locked, lock, unlock
from tests.listeners import Listener, listening

PUBLIC = "93.184.215.14"


@pytest.fixture
def app() -> Iterator[Flask]:
    bare = Flask("bare")
    bare.config.update(CALL_LOOPBACK=False, SECRET_KEY="tests")
    with bare.app_context():
        yield bare


@pytest.fixture
def trying(app: Flask) -> None:
    app.config["CALL_LOOPBACK"] = True


@pytest.fixture
def listener() -> Iterator[Listener]:
    with listening() as made:
        yield made


def _lead(monkeypatch: pytest.MonkeyPatch, *answers: Sequence[str]) -> list[str]:
    """Plant where names lead: each question gets the next answer, the last one again and again."""
    asked: list[str] = []

    def lookup(host: str, port: int) -> Sequence[str]:
        asked.append(host)
        return answers[min(len(asked), len(answers)) - 1]

    monkeypatch.setattr(outward, "lookup", lookup)
    return asked


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("http://example.com/hook", "url_https"),
        ("ftp://example.com/hook", "url_malformed"),
        ("https:///hook", "url_malformed"),
        ("https://exam ple.com/", "url_malformed"),
        ("https://example.com/\r\nHost: inside", "url_malformed"),
        ("https://example.com\\@127.0.0.1/", "url_malformed"),
        ("https://example.com/#part", "url_malformed"),
        ("https://example.com:0/", "url_malformed"),
        ("https://example.com:99999/", "url_malformed"),
        ("https://a:b@example.com/", "url_credentials"),
        ("https://example.com@127.0.0.1/", "url_credentials"),
        ("https://@example.com/", "url_credentials"),
        ("https://localhost/", "url_inside"),
        ("https://127.0.0.1/", "url_inside"),
        ("https://[::1]/", "url_inside"),
        ("https://[::ffff:10.0.0.1]/", "url_inside"),
        ("https://169.254.169.254/latest/meta-data/", "url_inside"),
        ("https://100.100.100.200/latest/meta-data/", "url_inside"),
        ("https://2130706433/", "url_host"),
        ("https://0x7f000001/", "url_host"),
        ("https://0177.0.0.1/", "url_host"),
        ("https://127.1/", "url_host"),
        ("https://0x7f.1/", "url_host"),
        ("https://１２７.０.０.１/", "url_host"),
        ("https://db/", "url_host"),
        ("https://example.com:22/", "url_port"),
        ("https://example.com:80/", "url_port"),
        ("https://example.com/" + "a" * 1000, "url_malformed"),
    ],
)
def test_what_is_wrong_with_an_address_is_said_when_it_is_typed(url: str, code: str):
    refusal = why_not_call(url)
    assert refusal is not None
    assert refusal.code in ((code, "url_malformed", "url_inside") if "１" in url else (code,))


@pytest.mark.parametrize(
    "url",
    ["https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=a", "https://例子.公司.cn/钩"[:-1], "https://a.cn:8443/x"],
)
def test_a_plain_public_address_may_be_typed(url: str):
    assert why_not_call(url) is None


@pytest.mark.parametrize(
    "inside",
    [
        *("0.0.0.1", "10.1.2.3", "127.0.0.1", "127.255.0.9", "169.254.169.254", "172.16.0.1", "192.168.1.1"),
        *("100.64.0.1", "100.100.100.200", "168.63.129.16", "192.0.0.192", "198.18.0.1", "224.0.0.1", "240.0.0.1"),
        *("255.255.255.255", "::", "::1", "fe80::1", "fe80::1%1", "fc00::1", "fd00:ec2::254", "ff02::1"),
        *("::ffff:127.0.0.1", "::ffff:93.184.215.14", "::127.0.0.1", "64:ff9b::7f00:1", "64:ff9b:1::1"),
        *("2002:7f00:1::", "2001:0:53aa:64c::1", "2001:db8::1"),
    ],
)
def test_no_address_of_the_inside_is_called_wherever_a_name_says_it_leads(
    app: Flask, monkeypatch: pytest.MonkeyPatch, inside: str
):
    assert not is_public(ipaddress.ip_address(inside))
    for answer in ([inside], [PUBLIC, inside]):
        _lead(monkeypatch, answer)
        with pytest.raises(Barred):
            post(Call("https://robot.example/hook", b"{}"))


@pytest.mark.parametrize("outside", [PUBLIC, "1.1.1.1", "2606:4700:4700::1111"])
def test_an_address_out_in_the_open_may_be_called(outside: str):
    assert is_public(ipaddress.ip_address(outside))


def test_the_connection_goes_to_the_address_that_was_checked(app: Flask, monkeypatch: pytest.MonkeyPatch):
    asked = _lead(monkeypatch, [PUBLIC], ["127.0.0.1"])  # the name leads inside a moment later
    reached: list[tuple[str, int]] = []

    def connect(address: tuple[str, int], timeout: float) -> socket.socket:
        reached.append(address)
        raise OSError

    monkeypatch.setattr(socket, "create_connection", connect)
    with pytest.raises(Away):
        post(Call("https://robot.example/hook", b"{}"))
    assert asked == ["robot.example"]
    assert reached == [(PUBLIC, 443)]


def test_a_name_that_leads_nowhere_or_slowly_is_away(app: Flask, monkeypatch: pytest.MonkeyPatch):
    _lead(monkeypatch, [])
    with pytest.raises(Away):
        post(Call("https://robot.example/hook", b"{}"))
    monkeypatch.setattr(outward, "LOOKUP", 0.05)

    def slowly(_host: str, _port: int) -> Sequence[str]:
        time.sleep(0.3)
        return [PUBLIC]

    monkeypatch.setattr(outward, "lookup", slowly)
    with pytest.raises(Away):
        post(Call("https://robot.example/hook", b"{}"))


def test_this_machine_is_called_only_where_it_is_being_tried(app: Flask, listener: Listener):
    with pytest.raises(Barred):
        post(Call(listener.url, b"{}"))
    app.config["CALL_LOOPBACK"] = True
    assert post(Call(f"{listener.url}/hook?key=1", b"{}")).status == 200
    assert [(heard.path, heard.body) for heard in listener.heard] == [("/hook?key=1", b"{}")]
    assert listener.heard[0].headers["host"] == f"127.0.0.1:{listener.port}"
    with pytest.raises(Barred):
        post(Call("https://10.0.0.1/", b"{}"))


def test_a_real_installation_does_not_start_with_calls_to_itself():
    fit = {**read(), "PRODUCTION": True, "SECRET_KEY": "x" * 32, "SECURE_COOKIES": True, "PUBLIC_URL": "https://a.cn"}
    insist_on_production(fit)
    with pytest.raises(ValueError, match="CALL_LOOPBACK"):
        insist_on_production({**fit, "CALL_LOOPBACK": True})


@pytest.mark.usefixtures("trying")
def test_a_way_to_elsewhere_is_not_followed(listener: Listener):
    with listening() as inside:
        listener.status, listener.headers = 307, {"Location": f"{inside.url}/secret"}
        assert post(Call(listener.url, b"{}")).status == 307
        assert (len(listener.heard), inside.heard) == (1, [])


@pytest.mark.usefixtures("trying")
def test_nothing_of_the_environment_is_believed(listener: Listener, monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    with listening() as proxy:
        for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
            monkeypatch.setenv(name, proxy.url)
        (tmp_path / ".netrc").write_text("machine 127.0.0.1 login a password b")
        monkeypatch.setenv("HOME", str(tmp_path))
        post(Call(listener.url, b"{}"))
        assert proxy.heard == []
    assert "authorization" not in listener.heard[0].headers


@pytest.mark.usefixtures("trying")
def test_little_is_read_and_patience_asked_for_is_told(listener: Listener):
    listener.body, listener.headers = b"x" * 300_000, {"Retry-After": "90"}
    answer = post(Call(listener.url, b"{}"))
    assert (len(answer.body), answer.retry_after) == (LARGEST_ANSWER, 90)


@pytest.mark.usefixtures("trying")
def test_whoever_drips_is_cut_off(listener: Listener, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(outward, "IN_ALL", 0.3)
    listener.drip = 0.1
    begun = time.monotonic()
    with pytest.raises(Away):
        post(Call(listener.url, b"{}"))
    assert time.monotonic() - begun < 2


def test_a_header_cannot_be_smuggled_in(app: Flask):
    with pytest.raises(Barred):
        post(Call("https://robot.example/", b"{}", {"webhook-id": "a\r\nx: y"}))


# TLS ------------------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate of a name, with its key, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "robot.example")])
    at = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(at - timedelta(days=1))
        .not_valid_after(at + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("robot.example")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    file = tmp_path_factory.mktemp("tls") / "robot.pem"
    plain = serialization.NoEncryption()
    kept = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)
    file.write_bytes(kept + made.public_bytes(serialization.Encoding.PEM))
    return file


@pytest.mark.usefixtures("trying")
def test_the_certificate_has_to_be_the_one_of_the_name(certificate: Path, monkeypatch: pytest.MonkeyPatch):
    serving = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    serving.load_cert_chain(certificate)
    asked_for: list[str | None] = []
    serving.sni_callback = lambda _socket, name, _context: asked_for.append(name)
    _lead(monkeypatch, ["127.0.0.1"])
    with listening(serving) as listener:
        with pytest.raises(Away):  # signed by nobody whom this machine trusts
            post(Call(f"https://robot.example:{listener.port}/", b"{}"))
        monkeypatch.setattr(outward, "trusted", lambda: ssl.create_default_context(cafile=str(certificate)))
        assert post(Call(f"https://robot.example:{listener.port}/", b"{}")).status == 200
        with pytest.raises(Away):
            post(Call(f"https://other.example:{listener.port}/", b"{}"))
        assert [heard.headers["host"] for heard in listener.heard] == [f"robot.example:{listener.port}"]
    assert asked_for == ["robot.example", "robot.example", "other.example"]


# The vault ------------------------------------------------------------------------------------------------------------


def test_what_is_locked_is_read_with_the_same_secret_for_the_same_purpose_only(app: Flask):
    kept = lock("robot", "https://例子.cn/?key=1")
    assert unlock("robot", kept) == "https://例子.cn/?key=1"
    assert "key=1" not in kept
    assert kept != lock("robot", "https://例子.cn/?key=1")
    with pytest.raises(Locked):
        unlock("other", kept)
    with pytest.raises(Locked):
        unlock("robot", kept[:-4] + "AAA=")
    app.config["SECRET_KEY"] = "another"
    with pytest.raises(Locked):
        unlock("robot", kept)
