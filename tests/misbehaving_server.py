"""A server on the loopback address that serves real bytes and misbehaves by path, and what its tests share."""

import hashlib
import io
import re
import socket
import struct
import threading
import zipfile
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from requests.adapters import HTTPAdapter

from analysis.fetch.limits import Limits
from analysis.fetch.request import open_session
from analysis.fetch.transport import Transport


class MisbehavingServer:
    """Answers each path with its behaviours in turn; the last one stays.

    A behaviour is a function of the request handler. `requests` lists (path, headers) as they came.
    """

    def __init__(self):
        self.routes, self.requests, self.over = {}, [], threading.Event()
        self._lock = threading.Lock()
        owner = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self):
                with owner._lock:
                    owner.requests.append((self.path, dict(self.headers)))
                    turns = owner.routes.get(self.path, [status(404)])
                    behaviour = turns.pop(0) if len(turns) > 1 else turns[0]
                try:
                    behaviour(self, owner)
                except (BrokenPipeError, ConnectionResetError):
                    self.close_connection = True

            def log_message(self, *arguments):
                pass

        class Server(ThreadingHTTPServer):
            def handle_error(self, request, client_address):
                """Say nothing: a client that hangs up is part of the tests."""

        self._server = Server(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.port = self._server.server_address[1]
        self.base = f"http://127.0.0.1:{self.port}"
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *error):
        self.over.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def route(self, path, *behaviours):
        """Answer a path with these behaviours, one a request."""
        self.routes[path] = list(behaviours)
        return f"{self.base}{path}"

    def paths(self):
        return [path for path, _ in self.requests]

    def headers(self, path):
        return [headers for asked, headers in self.requests if asked == path]


def serve(
    body, *, etag='"1"', modified=None, ranges=True, checks_if_range=True, kind="application/octet-stream", length=None
):
    """The whole body, or what a Range asks for."""

    def behaviour(handler, owner):
        match = re.fullmatch(r"bytes=(\d+)-", handler.headers.get("Range", ""))
        unchanged = handler.headers.get("If-Range") in (etag, modified) or not checks_if_range
        offset = int(match[1]) if match and ranges and unchanged else 0
        if offset and offset >= len(body):
            return status(416)(handler, owner)
        handler.send_response(206 if offset else 200)
        if offset:
            handler.send_header("Content-Range", f"bytes {offset}-{len(body) - 1}/{len(body)}")
        _describe(handler, etag, modified, kind)
        handler.send_header("Content-Length", str(len(body) - offset if length is None else length))
        handler.end_headers()
        handler.wfile.write(body[offset:])
        handler.close_connection = length is not None
        return None

    return behaviour


def status(code, body=b"", **headers):
    """A status without a file."""

    def behaviour(handler, owner):
        handler.send_response(code)
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    return behaviour


def redirect(location, code=302):
    """A redirect."""
    return status(code, Location=location)


def break_off(body, count, *, etag='"1"', modified=None, resets=True):
    """Announce the whole body, send its beginning, then reset or close the connection."""

    def behaviour(handler, owner):
        handler.send_response(200)
        _describe(handler, etag, modified, "application/octet-stream")
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body[:count])
        handler.wfile.flush()
        handler.close_connection = True
        if resets:
            # The client must have read what came before the reset, which throws away what is under way.
            owner.over.wait(0.05)
            handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            handler.connection.close()

    return behaviour


def stall(body, count, *, etag='"1"'):
    """Send the beginning of a body, then nothing until the test is over."""

    def behaviour(handler, owner):
        break_off(body, count, etag=etag, resets=False)(handler, owner)
        owner.over.wait(1)

    return behaviour


def drip(body, *, etag='"1"'):
    """Send a body byte by byte: each read is in time, the whole is not."""

    def behaviour(handler, owner):
        break_off(body, 0, etag=etag, resets=False)(handler, owner)
        for byte in body:
            handler.wfile.write(bytes([byte]))
            handler.wfile.flush()
            if owner.over.wait(0.02):
                return

    return behaviour


def _describe(handler, etag, modified, kind):
    for name, value in (("ETag", etag), ("Last-Modified", modified), ("Content-Type", kind)):
        if value:
            handler.send_header(name, value)


class StandInForTls(HTTPAdapter):
    """Carries requests for https addresses to a server on this machine, which has no certificate."""

    def __init__(self, base):
        super().__init__()
        self.base = base

    def send(self, request, **options):
        request.url = re.sub(r"^https://[^/]+", self.base, request.url)
        return super().send(request, **options)


QUICK = Limits(connect_seconds=1, read_seconds=0.3, tries=4, first_wait_seconds=1, longest_wait_seconds=3)


def quick_transport(limits=QUICK, **options):
    """A transport that does not sleep; `waits` lists how long it would have."""
    waits = []
    transport = Transport(
        limits=limits, sleep=waits.append, draw=lambda low, high: high, make_session=direct_session, **options
    )
    return transport, waits


def direct_session():
    """A session that goes straight to this machine, whatever proxy the environment names."""
    session = open_session()
    session.trust_env = False
    return session


def make_zip(name="20180326044500.export.CSV", text="1\t2\t3\n" * 400, **options):
    """The bytes of an archive, the same for the same members."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, **options) as archive:
        archive.writestr(zipfile.ZipInfo(name, (2018, 3, 26, 4, 45, 0)), text, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def md5(body):
    return "md5:" + hashlib.md5(body, usedforsecurity=False).hexdigest()


def names_in(folder):
    """What a folder holds, the lock left out."""
    return sorted(path.name for path in folder.iterdir() if path.name != ".fetch.lock")
