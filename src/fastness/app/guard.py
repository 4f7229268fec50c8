"""Stands before every request and every websocket: whose page asks, who may ask, how much, and what the page may do.

A browser lets any page on the web send requests to this machine. So the name that the request was sent to (Host) has
to be one of ours, which stops names that are made to point here (DNS rebinding), and a request that says from which
page it comes (Origin) has to come from one of ours. Where others on the network can reach the port, a token is needed
too.
"""

import asyncio
import ipaddress
import secrets
import socket
from collections.abc import Awaitable, Callable, MutableMapping
from http.cookies import CookieError, SimpleCookie
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

LOGIN: Final = "/login"
#: most bytes of a request's body: an uploaded zip, and its form around it
MOST_BYTES: Final = 17_000_000
#: most bytes of the login form
MOST_FORM: Final = 4_096
#: seconds that a wrong token costs
PENALTY: Final = 1.0
#: the frame that the browser runs our pages in. Vue compiles its templates in the page, which takes 'unsafe-eval', and
#: NiceGUI writes its start into the page; so this does not stop a script that slips in, but it leaves it nowhere to go
POLICY: Final = (
    "default-src 'none'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; manifest-src 'self'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'; object-src 'none'"
)
HEADERS: Final = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",  # "no-referrer" would take the Origin from forms of our own, too
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
_LOOPBACK: Final = frozenset({"localhost", "127.0.0.1", "::1"})


class Guard:
    """An ASGI application around another.

    Parameters
    ----------
    app
        What it guards.
    host
        Address that the server listens on.
    port
        Its port.
    token
        What a stranger has to know; None where only this machine can reach the port.
    """

    def __init__(self, app: App, *, host: str, port: int, token: str | None = None) -> None:
        self.app = app
        self._hosts = known_hosts(host)
        self._any_address = host in ("0.0.0.0", "::")
        self._port = port
        self._token = token
        self._sessions: set[str] = set()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through, or answer it here."""
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        headers = _headers(scope)
        refusal = self._refusal(headers)
        if refusal:
            await _refuse(scope, send, 403, refusal)
        elif scope["type"] == "http" and scope["path"] == LOGIN and self._token:
            await self._login(scope, receive, send)
        elif not self._knows(headers):
            await _ask_token(scope, send)
        elif _length(headers) > MOST_BYTES:
            await _refuse(scope, send, 413, f"a request may have at most {MOST_BYTES // 1_000_000} MB")
        else:
            await self.app(scope, _limited(receive), _dressed(send) if scope["type"] == "http" else send)

    def _refusal(self, headers: dict[str, str]) -> str:
        """Say why a request is none of ours, or nothing."""
        host = headers.get("host", "")
        if not self._ours(host):
            return "this address does not serve the workbench; open the one that it printed"
        origin = headers.get("origin")
        if origin is not None and origin not in (f"http://{host}", f"https://{host}"):
            return "the request comes from a page of somebody else"
        if headers.get("sec-fetch-site") == "cross-site" and headers.get("sec-fetch-mode") != "navigate":
            return "the request comes from a page of somebody else"
        return ""

    def _ours(self, host: str) -> bool:
        """Tell whether a Host header names this server; an address cannot be made to point elsewhere, a name can."""
        try:
            parts = urlsplit(f"//{host}")
            name, port = (parts.hostname or "").rstrip("."), parts.port or 80
        except ValueError:
            return False
        if port != self._port or parts.username is not None or parts.path:
            return False
        return name in self._hosts or (self._any_address and _is_address(name))

    def _knows(self, headers: dict[str, str]) -> bool:
        """Tell whether a request brings the token, or the cookie that was given for it."""
        if self._token is None:
            return True
        kind, _, given = headers.get("authorization", "").partition(" ")
        if kind.lower() == "bearer" and secrets.compare_digest(given.encode(), self._token.encode()):
            return True
        try:
            cookie = SimpleCookie(headers.get("cookie", "")).get(self._cookie)
        except CookieError:
            return False
        return cookie is not None and any(secrets.compare_digest(cookie.value, known) for known in self._sessions)

    @property
    def _cookie(self) -> str:
        return f"fastness-{self._port}"  # cookies do not tell ports apart

    async def _login(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Exchange the token for a cookie. It comes in a form's body, so that no URL, log or history holds it."""
        from fastness.app.login import FORM_POLICY, form

        extra = {"content-security-policy": FORM_POLICY, "cache-control": "no-store"}
        if scope["method"] != "POST":
            await _respond(send, 200, form(wrong=False), extra)
            return
        fields = parse_qs((await _body(receive, MOST_FORM)).decode("utf-8", "replace"))
        given = fields.get("token", [""])[0].strip()
        if self._token is None or not secrets.compare_digest(given.encode(), self._token.encode()):
            await asyncio.sleep(PENALTY)
            await _respond(send, 401, form(wrong=True), extra)
            return
        session = secrets.token_urlsafe(32)
        self._sessions.add(session)
        cookie = f"{self._cookie}={session}; Path=/; HttpOnly; SameSite=Strict"
        await _respond(send, 303, "", {"location": "/", "set-cookie": cookie})


def known_hosts(host: str) -> frozenset[str]:
    """Return the names under which a server that listens on `host` may be asked."""
    if host in _LOOPBACK:
        return _LOOPBACK
    own = {socket.gethostname().lower(), socket.getfqdn().lower()}
    return _LOOPBACK | own | {host.lower()}


def is_loopback(host: str) -> bool:
    """Tell whether only this machine can reach an address."""
    return host in _LOOPBACK


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def _headers(scope: Scope) -> dict[str, str]:
    """Return the headers of a request; of one that is given twice, something that matches nothing."""
    found: dict[str, str] = {}
    for name, value in scope["headers"]:
        key = name.decode("latin-1").lower()
        twice = key in found and key in ("host", "origin", "authorization", "content-length")
        found[key] = "given twice" if twice else value.decode("latin-1")
    return found


def _length(headers: dict[str, str]) -> int:
    text = headers.get("content-length", "0")
    return int(text) if text.isdecimal() else MOST_BYTES + 1


def _limited(receive: Receive) -> Receive:
    """Return `receive` that stops a body which is longer than it may be."""
    taken = 0

    async def limited() -> Message:
        nonlocal taken
        message = await receive()
        if message["type"] == "http.request":
            taken += len(message.get("body", b""))
            if taken > MOST_BYTES:
                return {"type": "http.disconnect"}
        return message

    return limited


async def _body(receive: Receive, most: int) -> bytes:
    """Read a small body; of a larger one nothing."""
    body, more = b"", True
    while more and len(body) <= most:
        message = await receive()
        body += message.get("body", b"")
        more = message["type"] == "http.request" and message.get("more_body", False)
    return body if len(body) <= most else b""


def _dressed(send: Send) -> Send:
    """Return `send` that adds the headers of every answer, but for those that the answer has itself."""

    async def dressed(message: Message) -> None:
        if message["type"] == "http.response.start":
            given = {name.lower() for name, _ in message.get("headers", ())}
            added = [(k.encode(), v.encode()) for k, v in HEADERS.items() if k.encode() not in given]
            message["headers"] = [*message.get("headers", ()), *added]
        await send(message)

    return dressed


async def _ask_token(scope: Scope, send: Send) -> None:
    """Send a person to the login form, and tell a program what it lacks."""
    wants_page = "text/html" in _headers(scope).get("accept", "")
    if scope["type"] == "http" and scope["method"] == "GET" and wants_page:
        await _respond(send, 303, "", {"location": LOGIN})
    else:
        await _refuse(scope, send, 401, "give the token as 'Authorization: Bearer TOKEN'")


async def _refuse(scope: Scope, send: Send, status: int, why: str) -> None:
    """Answer a request with a reason, and do not accept a websocket."""
    if scope["type"] == "websocket":
        await send({"type": "websocket.close", "code": 1008, "reason": why[:120]})
    else:
        await _respond(send, status, why, {"content-type": "text/plain; charset=utf-8"})


async def _respond(send: Send, status: int, text: str, extra: dict[str, str]) -> None:
    body = text.encode()
    headers = HEADERS | {"content-type": "text/html; charset=utf-8", "content-length": str(len(body))} | extra
    pairs = [(name.encode(), value.encode("latin-1")) for name, value in headers.items()]
    await send({"type": "http.response.start", "status": status, "headers": pairs})
    await send({"type": "http.response.body", "body": body})
