"""Everybody presses at the drop, once: ``python -m bench.stage.drop``, run as a child.

One thread and epoll, as little work for each answer as possible, so that the machine's other core is the
server's. Every buyer has a pass and a connection of their own, as far as one process may open files; the rest
press on a connection another buyer has done with. Who gets a place asks again when told to, as the page does.
"""

import argparse
import heapq
import random
import select
import socket as sockets
import time
from collections import Counter, deque
from dataclasses import dataclass, field

import orjson

from bench.stage.buyers import LENGTH, signed_passes
from bench.stage.load import seconds
from bench.stage.report import percentile
from bench.viewers import allow_open_files

PATIENCE = 60.0
"""Seconds until whoever has no outcome counts as lost."""
SPARE_FILES = 500
PER_ADDRESS = 400
"""Buyers behind one address; each loopback address is somebody's."""
JITTER = 0.2
KEPT, SOLD_OUT, WAITS = "kept", "sold_out", "waits"


@dataclass(slots=True)
class Buyer:
    number: int
    """In the order of pressing."""
    token: str
    first: bytes
    """The press."""
    again: bytes
    pressed: float = 0.0
    answered: float = 0.0
    """The first answer, whatever it is."""
    settled: float = 0.0
    place: int = 0
    """0 for who was served without waiting."""
    outcome: str = ""
    asked: int = 0


@dataclass(slots=True)
class Connection:
    address: str
    socket: sockets.socket | None = None
    buffer: bytes = b""
    asking: Buyer | None = None
    queue: deque[tuple[Buyer, bytes]] = field(default_factory=deque)


class Drop:
    def __init__(self, port: int, server: int, buyers: list[Buyer], connections: list[Connection]) -> None:
        self._port = port
        self._server = server
        self.buyers = buyers
        self._connections = connections
        self._epoll = select.epoll()
        self._of: dict[int, Connection] = {}
        self._later: list[tuple[float, int]] = []
        self._unsettled = self._unanswered = len(buyers)
        self.used_at_drop = self.used_for_first = 0.0
        """Processor seconds of the server, by the drop, and by the moment everyone had an answer."""
        self.reconnected = 0
        self.errors: Counter[str] = Counter()

    def connect(self) -> None:
        for connection in self._connections:
            self._open(connection)

    def press(self) -> None:
        """Everyone, as fast as one thread can send."""
        self.used_at_drop = seconds(self._server)
        for buyer in self.buyers:
            buyer.pressed = time.perf_counter()
            self._ask(buyer, buyer.first)

    def wait(self) -> None:
        """Until everyone has an outcome."""
        deadline = time.perf_counter() + PATIENCE
        while self._unsettled and (now := time.perf_counter()) < deadline:
            while self._later and self._later[0][0] <= now:
                buyer = self.buyers[heapq.heappop(self._later)[1]]
                self._ask(buyer, buyer.again)
            pause = min(0.2, max(0.0, self._later[0][0] - now)) if self._later else 0.2
            for number, _ in self._epoll.poll(pause, 1024):
                self._read(self._of[number])

    def _open(self, connection: Connection) -> None:
        opened = sockets.socket()
        opened.bind((connection.address, 0))
        opened.connect(("127.0.0.1", self._port))
        opened.setblocking(False)
        connection.socket, connection.buffer = opened, b""
        self._of[opened.fileno()] = connection
        self._epoll.register(opened.fileno(), select.EPOLLIN)

    def _close(self, connection: Connection) -> None:
        if connection.socket is not None:
            self._epoll.unregister(connection.socket.fileno())
            connection.socket.close()
            connection.socket = None

    def _ask(self, buyer: Buyer, request: bytes) -> None:
        connection = self._connections[buyer.number % len(self._connections)]
        if connection.asking is not None:
            connection.queue.append((buyer, request))
            return
        if connection.socket is None:
            self._open(connection)
            self.reconnected += 1
        connection.asking = buyer
        buyer.asked += 1
        assert connection.socket is not None
        connection.socket.send(request)

    def _read(self, connection: Connection) -> None:
        assert connection.socket is not None
        try:
            data = connection.socket.recv(65536)
        except ConnectionError:
            data = b""
        if not data:
            self._ended(connection)
            return
        connection.buffer += data
        head, found, rest = connection.buffer.partition(b"\r\n\r\n")
        length = LENGTH.search(head)
        if not found or (length and len(rest) < int(length[1])):
            return
        connection.buffer = b""
        buyer, connection.asking = connection.asking, None
        assert buyer is not None
        self._answered(buyer, head, rest)
        self._go_on(connection)

    def _ended(self, connection: Connection) -> None:
        """The server closes what was quiet for long; a browser opens a new one when it next asks."""
        self._close(connection)
        buyer, connection.asking = connection.asking, None
        if buyer is not None:
            self.errors["cut"] += 1
            connection.queue.append((buyer, buyer.again if buyer.place else buyer.first))
        self._go_on(connection)

    def _go_on(self, connection: Connection) -> None:
        if connection.queue:
            self._ask(*connection.queue.popleft())

    def _answered(self, buyer: Buyer, head: bytes, body: bytes) -> None:
        now = time.perf_counter()
        if not buyer.answered:
            buyer.answered = now
            self._unanswered -= 1
            if not self._unanswered:
                self.used_for_first = seconds(self._server)
        status = head[9:12]
        if status == b"202":
            told = orjson.loads(body)
            buyer.place = buyer.place or told["place"]
            wait = told["ask_again"] * random.uniform(1, 1 + JITTER)
            heapq.heappush(self._later, (now + wait, buyer.number))
            return
        if status in (b"200", b"201"):
            buyer.outcome = KEPT
        elif status == b"409":
            buyer.outcome = SOLD_OUT
        else:
            buyer.outcome = status.decode()
            self.errors[buyer.outcome] += 1
        buyer.settled = now
        self._unsettled -= 1


def crowd(port: int, show: str, variant: int, count: int) -> tuple[list[Buyer], list[Connection]]:
    body = orjson.dumps({"lines": [{"variant": variant, "quantity": 1, "show": show}]})
    buyers = []
    for number, token in enumerate(signed_passes(count)):
        head = (
            f"/api/v1/checkouts%s HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nAccept-Language: ko\r\n"
            f"Authorization: Bearer {token}\r\n"
        )
        first = f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body
        again = f"GET {head % '/line'}\r\n".encode()
        buyers.append(Buyer(number, token, f"POST {head % ''}".encode() + first, again))
    files = allow_open_files(count + SPARE_FILES) - SPARE_FILES
    addresses = -(-count // PER_ADDRESS)
    connections = [
        Connection(f"127.1.{number % addresses // 250}.{number % addresses % 250 + 1}")
        for number in range(min(count, files))
    ]
    return buyers, connections


def inversions(order: list[Buyer]) -> int:
    """Pairs of whom the earlier was refused and the later served."""
    refused = found = 0
    for buyer in order:
        if buyer.outcome == SOLD_OUT:
            refused += 1
        elif buyer.outcome == KEPT:
            found += refused
    return found


def overtaken(buyers: list[Buyer]) -> float:
    """The most seconds by which somebody served pressed later than somebody refused."""
    first_refused = min((one.pressed for one in buyers if one.outcome == SOLD_OUT), default=None)
    last_kept = max((one.pressed for one in buyers if one.outcome == KEPT), default=None)
    return max(0.0, last_kept - first_refused) if first_refused and last_kept else 0.0


def figures(drop: Drop, used: float) -> dict[str, object]:
    buyers = drop.buyers
    began = buyers[0].pressed
    first = [one.answered - one.pressed if one.answered else PATIENCE for one in buyers]
    placed = sorted((one for one in buyers if one.place), key=lambda one: one.place)
    return {
        "buyers": len(buyers),
        "connections": len(drop._connections),
        "pressed_within_ms": _ms(buyers[-1].pressed - began),
        "first_answer_p50_ms": _ms(percentile(first, 50) or 0),
        "first_answer_p99_ms": _ms(percentile(first, 99) or 0),
        "first_answer_max_ms": _ms(max(first)),
        "first_answers_cpu_s": round(drop.used_for_first - drop.used_at_drop, 2),
        "all_settled_s": round(max(one.settled or began + PATIENCE for one in buyers) - began, 2),
        "kept": sum(one.outcome == KEPT for one in buyers),
        "sold_out": sum(one.outcome == SOLD_OUT for one in buyers),
        "waited": len(placed),
        "places_given_twice": len(placed) - len({one.place for one in placed}),
        "inversions": inversions(placed),
        "overtaken_ms": _ms(overtaken(buyers)),
        "requests": sum(one.asked for one in buyers),
        "reconnected": drop.reconnected,
        "errors": dict(drop.errors),
        "crowd_cpu_s": round(used, 2),
        "server_cpu_s": round(seconds(drop._server) - drop.used_at_drop, 2),
    }


def _ms(seconds: float) -> float:
    return round(seconds * 1000, 1)


def main() -> None:
    asked = argparse.ArgumentParser()
    for name in ("--port", "--server", "--variant", "--buyers"):
        asked.add_argument(name, type=int, required=True)
    asked.add_argument("--show", required=True)
    given = asked.parse_args()
    drop = Drop(given.port, given.server, *crowd(given.port, given.show, given.variant, given.buyers))
    drop.connect()
    began = time.process_time()
    drop.press()
    drop.wait()
    print(orjson.dumps(figures(drop, time.process_time() - began)).decode(), flush=True)


if __name__ == "__main__":
    main()
