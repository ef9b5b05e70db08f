"""Gateways for measuring: nginx, and one in Python that waits before it answers and notes when each call came.

Both answer any cancellation with the intent of the id that is asked for, cancelled. Only 127.0.0.1, a free port.
"""

import asyncio
import contextlib
import json
import os
import re
import signal
import socket
import subprocess
import threading
import time

from harness.process import BenchmarkError

# About as long as UseePay's own document.
FIELDS = {
    "object": "payment_intent", "amount": 100.23, "currency": "EUR", "status": "canceled",
    "merchant_order_id": "ORDER-2026-00000001", "cancellation_reason": None, "captured_amount": 0,
    "created_at": "2026-11-20T02:00:01Z", "updated_at": "2026-11-27T02:00:01Z",
    "customer": {"id": "cus_0123456789", "name": "Nordwind Handels GmbH", "country": "DE", "city": "Hamburg"},
    "payment_method": {"type": "card", "card": {"brand": "visa", "last4": "0016", "exp": "12/29"}},
    "metadata": {"shop": "main", "channel": "web", "campaign": "autumn", "warehouse": "north-2"},
}


def document(identifier):
    return json.dumps({"id": identifier, **FIELDS}, separators=(",", ":"))


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextlib.contextmanager
def nginx(program, folder):
    """Its port, while it runs."""
    port = free_port()
    configuration = os.path.join(folder, "nginx.conf")
    with open(configuration, "w") as file:
        file.write(f"""
            daemon off; worker_processes 1; pid {folder}/nginx.pid; error_log stderr crit;
            events {{ worker_connections 2048; }}
            http {{
                access_log off; keepalive_requests 100000000; keepalive_timeout 1h;
                client_body_temp_path {folder}/1; proxy_temp_path {folder}/2; fastcgi_temp_path {folder}/3;
                uwsgi_temp_path {folder}/4; scgi_temp_path {folder}/5;
                server {{
                    listen 127.0.0.1:{port};
                    location ~ ^/api/v1/payment_intents/([A-Za-z0-9_-]+)/cancel$ {{
                        default_type application/json;
                        return 200 '{document("$1")}';
                    }}
                }}
            }}""")
    server = subprocess.Popen([program, "-c", configuration, "-p", folder], stdout=subprocess.DEVNULL)
    try:
        _await_port(port, server)
        yield port
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(timeout=10)


def _await_port(port, server):
    for _ in range(500):
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        if server.poll() is not None:
            raise BenchmarkError("nginx did not start")
        time.sleep(0.01)
    raise BenchmarkError("nginx does not listen")


class Gateway(asyncio.Protocol):
    """One connection of the gateway in Python: HTTP/1.1 with a `Content-Length`, as intentbatch sends it."""

    REQUEST = re.compile(rb"^\w+ /api/v1/payment_intents/([A-Za-z0-9_-]+)\S* HTTP/1.1\r\n")
    LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)

    def __init__(self, server):
        self.server = server
        self.received = b""

    def connection_made(self, transport):
        self.transport = transport

    def data_received(self, data):
        now = time.monotonic()
        self.received += data
        while (end := self.received.find(b"\r\n\r\n")) >= 0:
            length = self.LENGTH.search(self.received, 0, end + 2)
            size = end + 4 + (int(length[1]) if length else 0)
            if len(self.received) < size:
                return
            request = self.REQUEST.match(self.received)
            self.received = self.received[size:]
            self.server.note(now)
            body = document(request[1].decode() if request else "").encode()
            answer = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s"
            self.server.loop.call_later(self.server.delay, self._answer, answer % (len(body), body))

    def _answer(self, answer):
        if not self.transport.is_closing():
            self.transport.write(answer)


class NotingServer:
    """Runs in a thread of the driver. `arrivals` are seconds of the monotonic clock.

    - delay: seconds before each answer.
    """

    def __init__(self, delay=0.0):
        self.delay = delay
        self.arrivals = []
        self.first = threading.Event()
        self.loop = asyncio.new_event_loop()
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._serve, daemon=True)

    def __enter__(self):
        self._thread.start()
        self._ready.wait()
        return self

    def __exit__(self, *_):
        self.loop.call_soon_threadsafe(self.loop.stop)
        self._thread.join()

    def begin(self):
        """Forgets the calls so far."""
        self.arrivals = []
        self.first.clear()

    def note(self, moment):
        self.arrivals.append(moment)
        self.first.set()

    def _serve(self):
        asyncio.set_event_loop(self.loop)
        server = self.loop.run_until_complete(
            self.loop.create_server(lambda: Gateway(self), "127.0.0.1", 0, backlog=2048))
        self.port = server.sockets[0].getsockname()[1]
        self._ready.set()
        self.loop.run_forever()
        server.close()
        for task in asyncio.all_tasks(self.loop):
            task.cancel()
        self.loop.run_until_complete(self.loop.shutdown_asyncgens())
        self.loop.close()
