"""A small site for the figures alone: the page's scripts under the page's own policy, Plotly, and a run as a view."""

from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.resources import files
from pathlib import Path
from threading import Thread
from typing import Any, ClassVar

import engine

ROOT = Path(__file__).resolve().parents[3]
HARNESS = Path(__file__).with_name("harness")
POLICY = (
    "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; "
    "connect-src 'self'; object-src 'none'; base-uri 'none'; frame-ancestors 'self'"
)
# Pages with these can measure times of microseconds; but each begins in a process that has never seen Plotly.
PRECISE = {
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
}
PLOTLY = "/plotly.min.js"
TYPES = {".html": "text/html", ".css": "text/css", ".js": "text/javascript"}


class Handler(BaseHTTPRequestHandler):
    """Serves the harness, the static files and Plotly, all of which a browser may keep: none changes meanwhile."""

    protocol_version = "HTTP/1.1"  # one connection for a hundred modules
    more: ClassVar[dict[str, str]] = {}

    def do_GET(self) -> None:
        path = self.path.partition("?")[0]
        if path == PLOTLY:
            body = files("plotly").joinpath("package_data/plotly.min.js").read_bytes()
        else:
            file = ROOT / path[1:] if path.startswith("/static/") else HARNESS / (path[1:] or "index.html")
            if not file.is_file():
                self.send_error(404)
                return
            body = file.read_bytes()
        self.send_response(200)
        self.send_header("Content-Type", f"{TYPES.get(Path(path).suffix, 'text/html')}; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", "max-age=3600")
        for name, value in {"Content-Security-Policy": POLICY, **self.more}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


class PreciseHandler(Handler):
    """The same, for pages that measure."""

    more = PRECISE


@contextmanager
def serve(handler: type[Handler] = Handler) -> Iterator[str]:
    """Give the address of the site while it is up."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def view(spec: dict[str, Any]) -> dict[str, Any]:
    """A run and all its rows, as the page holds them."""
    result = engine.run(engine.RunSpec.from_dict(spec))
    axes, loss = engine.surface(result.spec)
    data = result.spec.objective().dataset
    rows = {name: result.trajectory.column(name).tolist() for name in result.trajectory.names}
    return {
        "run": {
            "spec": result.spec.to_dict(),
            "parameters": list(result.trajectory.names),
            "data": {"x": data.x.tolist(), "y": data.y.tolist(), "names": {"x": ["size"], "y": "toxicity"}},
            "surface": {name: values.tolist() for name, values in axes.items()} | {"loss": loss.tolist()},
            "theory": None if result.theory is None else result.theory.to_dict(),
            "serial": 1,
        },
        "rows": {"step": result.trajectory.step.tolist(), **rows, "loss": result.trajectory.loss.tolist()},
    }
