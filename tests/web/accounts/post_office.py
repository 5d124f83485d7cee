"""A mail server on this machine: speaks as much SMTP as one letter needs, and keeps what it was given."""

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import cast

ANSWERS = {
    b"EHLO": "250 here",
    b"MAIL": "250 ok",
    b"RCPT": "250 ok",
    b"DATA": "354 go on",
    b"QUIT": "221 bye",
}


class PostOffice(socketserver.TCPServer):
    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Counter)
        self.letters: list[bytes] = []
        self.answers = dict(ANSWERS)
        """What is said to each word; a test may let it refuse."""

    @property
    def port(self) -> int:
        return self.server_address[1]


class _Counter(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        self._say("220 post office")
        while line := self.rfile.readline():
            word = line[:4].upper()
            answer = cast(PostOffice, self.server).answers.get(word, "500 what")
            self._say(answer)
            if word == b"DATA" and answer.startswith("354"):
                self._take_letter()
            if word == b"QUIT":
                return

    def _take_letter(self) -> None:
        letter = b"".join(iter(self.rfile.readline, b".\r\n"))
        cast(PostOffice, self.server).letters.append(letter)
        self._say("250 taken")

    def _say(self, answer: str) -> None:
        self.wfile.write(f"{answer}\r\n".encode())


@contextmanager
def post_office() -> Iterator[PostOffice]:
    with PostOffice() as office:
        thread = threading.Thread(target=office.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield office
        finally:
            office.shutdown()
            thread.join()
