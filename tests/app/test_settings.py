"""The table of settings, and what is made from it."""

import pytest

from app.settings import SETTINGS, SettingError, Settings, from_environment, read, unknown_variables

NAMES = {setting.name: setting for setting in SETTINGS}


def test_defaults_are_what_their_texts_say() -> None:
    for setting in SETTINGS:
        if setting.default not in ((), ""):
            assert read(setting, setting.shown, setting.variable) == setting.default
        assert setting.help.endswith(".")


def test_names_are_made_from_the_table() -> None:
    assert NAMES["port"].variable == "BEANBOWL_PORT"
    assert NAMES["frames_per_second"].flag == "--frames-per-second"
    assert NAMES["open"].flag == "--no-open"


def test_the_environment_is_read() -> None:
    environment = {
        "BEANBOWL_PORT": "9000",
        "BEANBOWL_OPEN": "No",
        "BEANBOWL_FRAMES_PER_SECOND": "30",
        "BEANBOWL_ALLOWED_ORIGINS": "https://Lab.example.org/, http://localhost:3000",
        "HOME": "/root",
    }
    settings = Settings(**from_environment(environment))
    assert (settings.port, settings.open, settings.frames_per_second) == (9000, False, 30.0)
    assert settings.allowed_origins == ("https://lab.example.org", "http://localhost:3000")
    assert settings.max_steps == 1_000_000


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("port", "eighty"),
        ("port", "-1"),
        ("port", "70000"),
        ("port", ""),
        ("open", "maybe"),
        ("frames_per_second", "0"),
        ("frames_per_second", "nan"),
        ("frames_per_second", "inf"),
        ("max_steps", "1e6"),
        ("allowed_origins", "lab.example.org"),
        ("allowed_origins", "https://lab.example.org/path"),
        ("log_level", "loud"),
        ("host", " "),
    ],
)
def test_what_cannot_be_read_says_so_in_one_line(name: str, text: str) -> None:
    with pytest.raises(SettingError) as caught:
        from_environment({NAMES[name].variable: text})
    message = str(caught.value)
    assert message.startswith(f"{NAMES[name].variable}: expected {NAMES[name].kind.expected}, got ")
    assert "\n" not in message


def test_misspelt_variables_are_noticed() -> None:
    assert unknown_variables({"BEANBOWL_PROT": "1", "BEANBOWL_PORT": "1", "PATH": ""}) == ["BEANBOWL_PROT"]
