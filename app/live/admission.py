"""Who may open a live session."""

from urllib.parse import urlsplit

from starlette.requests import HTTPConnection

from app.errors import RETRY_AFTER, Refused
from app.settings import Settings
from app.texts import problem


def admit(handshake: HTTPConnection, sessions: int, settings: Settings) -> None:
    """Refuse pages of other sites (403), and everybody when there are as many sessions as may be (503)."""
    origin = handshake.headers.get("origin")
    # A script sends no origin; a page cannot help sending its own.
    if origin is not None and not _is_friend(origin.lower(), handshake.headers.get("host", ""), settings):
        raise Refused(403, problem("", "foreign-origin", got=origin[:80]))
    if sessions >= settings.max_sessions:
        raise Refused(503, problem("", "full", limit=settings.max_sessions), headers=RETRY_AFTER)


def _is_friend(origin: str, host: str, settings: Settings) -> bool:
    try:
        own = urlsplit(origin).netloc == host.lower() != ""
    except ValueError:
        own = False
    return own or origin in settings.allowed_origins
