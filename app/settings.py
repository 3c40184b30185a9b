"""Every setting, once: the environment variables, the flags of the command line and the docs are made from here."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from typing import Any
from urllib.parse import urlsplit

PREFIX = "BEANBOWL_"


@dataclass(frozen=True, slots=True)
class Kind:
    """How a setting is written: what is expected, and how its text is read (ValueError if it cannot be)."""

    expected: str
    parse: Callable[[str], Any]


def whole(low: int, high: int) -> Kind:
    """A whole number from `low` to `high`."""
    return Kind(f"a whole number from {low} to {high}", lambda text: _within(int(text), low, high))


def number(low: float, high: float) -> Kind:
    """A number from `low` to `high`."""
    return Kind(f"a number from {low:g} to {high:g}", lambda text: _within(float(text), low, high))


def one_of(*words: str) -> Kind:
    """One of some words."""
    return Kind("one of " + ", ".join(words), lambda text: words[words.index(text)])


def _within(value: Any, low: float, high: float) -> Any:
    if not low <= value <= high:
        raise ValueError
    return value


def _flag(text: str) -> bool:
    return {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False}[text.lower()]


def _text(text: str) -> str:
    if not text.strip():
        raise ValueError
    return text


def _origins(text: str) -> tuple[str, ...]:
    origins = tuple(origin.strip().rstrip("/").lower() for origin in text.split(",") if origin.strip())
    for origin in origins:
        parts = urlsplit(origin)
        if parts.scheme not in {"http", "https"} or origin != f"{parts.scheme}://{parts.netloc}":
            raise ValueError
    return origins


FLAG = Kind("true or false", _flag)
TEXT = Kind("a text", _text)
ORIGINS = Kind("origins such as https://lab.example.org, separated by commas", _origins)


def setting(default: Any, kind: Kind, meaning: str) -> Any:
    """One row of the table of settings."""
    return field(default=default, metadata={"kind": kind, "help": meaning})


@dataclass(frozen=True, slots=True)
class Settings:
    """The table of settings."""

    host: str = setting("127.0.0.1", TEXT, "Address to listen on; 0.0.0.0 lets others in the network in.")
    port: int = setting(8000, whole(0, 65535), "Port to listen on; 0 takes any free one.")
    open: bool = setting(True, FLAG, "Open the lab in the browser once it is served.")
    log_level: str = setting(
        "warning", one_of("critical", "error", "warning", "info", "debug"), "How much the server logs."
    )
    allowed_origins: tuple[str, ...] = setting((), ORIGINS, "Other sites whose pages may connect to the live stream.")
    threads: int = setting(4, whole(1, 64), "Threads that compute, for requests and for live sessions each.")
    max_waiting: int = setting(64, whole(1, 100_000), "Computations that may wait for a thread before 503.")
    frames_per_second: float = setting(60.0, number(1, 240), "Frames a second of a playing live session.")
    ack_timeout: float = setting(
        10.0, number(0.05, 3600), "Seconds that a live session waits for a page that draws nothing."
    )
    max_sessions: int = setting(500, whole(1, 100_000), "Live sessions at a time.")
    max_message_bytes: int = setting(8_000_000, whole(1_000, 10**9), "Longest message of a live session.")
    max_body_bytes: int = setting(8_000_000, whole(1_000, 10**9), "Longest body of a request.")
    max_steps: int = setting(1_000_000, whole(1, 10**9), "Most steps of a run.")
    max_points: int = setting(100_000, whole(1, 10**7), "Most points of a dataset.")
    max_surface_cells: int = setting(1_000_000, whole(4, 10**8), "Most cells of a loss surface.")
    max_seconds: float = setting(60.0, number(0.1, 86_400), "Longest that a run or a surface may be computed.")
    max_exports: int = setting(2, whole(1, 64), "Exports that are made at a time, each by a process.")
    max_waiting_exports: int = setting(8, whole(0, 10_000), "Exports that may wait for their turn before 503.")
    export_seconds: float = setting(60.0, number(0.1, 86_400), "Longest time that an export may take.")
    client_rate: float = setting(
        0.0, number(0, 10**6), "Requests a second that one client may have computed, in the mean; 0 is no limit."
    )
    data: str = setting("", TEXT, "Folder in which sweeps are kept; else the platform's own for data of applications.")
    max_data_bytes: int = setting(2 * 10**9, whole(10**5, 10**13), "Most bytes that sweeps may take there.")
    max_sweep_runs: int = setting(1_000_000, whole(1, 10**8), "Most runs of a sweep.")
    max_sweep_steps: int = setting(10**12, whole(1, 10**15), "Most steps of a sweep, all its runs together.")
    max_open_sweeps: int = setting(32, whole(1, 10_000), "Sweeps that may wait or run at a time.")
    max_client_sweeps: int = setting(8, whole(1, 10_000), "The same for one client (one address).")
    keep_sweeps: int = setting(100, whole(0, 100_000), "Ended sweeps that are kept, the latest ones.")
    keep_sweep_days: float = setting(30.0, number(0, 36_500), "Days for which an ended sweep is kept.")
    sweep_workers: int = setting(0, whole(0, 512), "Processes that compute sweeps; 0 is one for each core.")
    dask: str = setting("", TEXT, "Dask scheduler that computes sweeps instead, such as tcp://scheduler:8786.")


@dataclass(frozen=True, slots=True)
class Setting:
    """One row: its name, how it is written, its default and what it means."""

    name: str
    kind: Kind
    default: Any
    help: str

    @property
    def variable(self) -> str:
        """The environment variable."""
        return PREFIX + self.name.upper()

    @property
    def flag(self) -> str:
        """The flag of the command line; a setting that is on by default has one that turns it off."""
        return ("--no-" if self.default is True else "--") + self.name.replace("_", "-")

    @property
    def shown(self) -> str:
        """The default as one would write it."""
        if isinstance(self.default, tuple):
            return ",".join(self.default) or "none"
        return str(self.default).lower() if isinstance(self.default, bool) else f"{self.default}" or "none"


SETTINGS = tuple(Setting(f.name, f.metadata["kind"], f.default, f.metadata["help"]) for f in fields(Settings))


class SettingError(ValueError):
    """A setting that cannot be read: one line that says which, what is expected and what came."""


def read(setting: Setting, text: str, name: str) -> Any:
    """`text` as a value of `setting`; SettingError says it of `name`, the variable or the flag."""
    try:
        return setting.kind.parse(text)
    except (ValueError, KeyError, OverflowError):
        raise SettingError(f'{name}: expected {setting.kind.expected}, got "{text[:80]}"') from None


def from_environment(environment: Mapping[str, str]) -> dict[str, Any]:
    """The settings that the environment gives, by name; SettingError for the first that cannot be read."""
    return {
        setting.name: read(setting, environment[setting.variable], setting.variable)
        for setting in SETTINGS
        if setting.variable in environment
    }


def unknown_variables(environment: Mapping[str, str]) -> list[str]:
    """Variables that look like settings and are none: most likely misspelt."""
    known = {setting.variable for setting in SETTINGS}
    return sorted(name for name in environment if name.startswith(PREFIX) and name not in known)
