"""Flags for settings: each made from its row in the table."""

from argparse import SUPPRESS, ArgumentParser, ArgumentTypeError
from collections.abc import Iterable
from typing import Any

from app import settings
from app.settings import FLAG, SETTINGS, Setting, SettingError


def add(parser: ArgumentParser, rows: Iterable[Setting] = SETTINGS) -> None:
    """A flag for each of these settings."""
    for setting in rows:
        meaning = f"{setting.help} (default: {setting.shown}; environment: {setting.variable})".replace("%", "%%")
        given: dict[str, Any] = {"dest": setting.name, "default": SUPPRESS, "help": meaning}
        if setting.kind is FLAG:
            parser.add_argument(setting.flag, action="store_const", const=not setting.default, **given)
        else:
            parser.add_argument(setting.flag, type=_type(setting), metavar="X", **given)


def named(*names: str) -> list[Setting]:
    """The settings of these names."""
    return [setting for setting in SETTINGS if setting.name in names]


def _type(setting: Setting) -> Any:
    def parse(text: str) -> Any:
        try:
            return settings.read(setting, text, setting.flag)
        except SettingError as error:
            raise ArgumentTypeError(str(error).partition(": ")[2]) from None

    return parse
