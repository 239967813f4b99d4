"""A file, its catalogue entry, and a web server for it that can misbehave."""

import hashlib
import http.server

from d2lzh_pytorch.data.catalogue import DataFile, DataSet, Fingerprint

CONTENT = bytes(range(256)) * 1000


def fingerprint(content: bytes, algorithm: str = "sha256") -> Fingerprint:
    digest = hashlib.new(algorithm, content).hexdigest()
    return Fingerprint(f"{algorithm}:{digest}", len(content))


FILE = DataFile("thing.bin", (fingerprint(CONTENT),))


def make_entry(*mirrors: str) -> DataSet:
    """Return a catalogue entry of one file, `FILE`."""
    return DataSet(
        name="thing",
        title="A thing",
        licence="MIT",
        source="https://example.org",
        sections=("1.1",),
        files=(FILE,),
        folders=("thing",),
        mirrors=mirrors,
    )


class Server(http.server.ThreadingHTTPServer):
    """Serves `content` at every path; the first part of the path says how.

    ``good``, ``norange`` (sends everything whatever is asked for), ``breaks`` (breaks off after
    100,000 bytes, the first `breaks` times), ``nolength`` (does so without having stated the
    length), ``wrong`` (one byte differs), ``endless``,
    ``shifted`` (answers a range with another one), ``missing`` (404), ``broken`` (500),
    ``refusing`` (416, whatever is asked for).
    """

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.content = CONTENT
        self.breaks = 1
        self.ranges: list[str | None] = []
        self.sent = 0

    def url(self, behaviour: str) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/{behaviour}/"


class Handler(http.server.BaseHTTPRequestHandler):
    server: Server

    def log_message(self, *arguments: object) -> None:
        """Keep quiet."""

    def do_GET(self) -> None:
        server, behaviour = self.server, self.path.split("/")[1]
        asked = self.headers.get("Range")
        server.ranges.append(asked)
        status = {"missing": 404, "broken": 500, "refusing": 416}.get(behaviour)
        if status:
            self.send_error(status)
            return
        content = server.content
        if behaviour == "wrong":
            content = content[:-1] + b"?"
        start = int(asked.removeprefix("bytes=").removesuffix("-")) if asked else 0
        if behaviour == "norange" or not asked:
            start = 0
            self.send_response(200)
        elif start >= len(content):
            self.send_error(416)
            return
        else:
            shown = start + 1 if behaviour == "shifted" else start
            self.send_response(206)
            self.send_header("Content-Range", f"bytes {shown}-{len(content) - 1}/{len(content)}")
        if behaviour == "endless":
            self.end_headers()
            while server.sent < 1 << 28:
                self.wfile.write(content)
                server.sent += len(content)
            return
        if behaviour != "nolength":
            self.send_header("Content-Length", str(len(content) - start))
        self.end_headers()
        stop = len(content)
        if behaviour in ("breaks", "nolength") and server.breaks > 0:
            server.breaks -= 1
            stop = min(stop, start + 100_000)
        self.wfile.write(content[start:stop])
