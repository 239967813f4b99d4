from pathlib import Path

import pytest

from d2lzh_pytorch import settings

SWITCHES = [
    ("D2LZH_SMOKE", settings.smoke),
    ("D2LZH_OFFLINE", settings.offline),
    ("TQDM_DISABLE", settings.quiet),
]
every_switch = pytest.mark.parametrize(("variable", "read"), SWITCHES)


@every_switch
def test_off_unless_set(monkeypatch, variable, read):
    monkeypatch.delenv(variable, raising=False)
    assert read() is False


@every_switch
@pytest.mark.parametrize("value", ["1", "true", "YES", " 1 "])
def test_on(monkeypatch, variable, read, value):
    monkeypatch.setenv(variable, value)
    assert read() is True


@every_switch
@pytest.mark.parametrize("value", ["", "0", "false", "No"])
def test_off(monkeypatch, variable, read, value):
    monkeypatch.setenv(variable, value)
    assert read() is False


@every_switch
@pytest.mark.parametrize("value", ["2", "on!", "ja", "-1"])
def test_nonsense_is_refused_by_name(monkeypatch, variable, read, value):
    monkeypatch.setenv(variable, value)
    with pytest.raises(ValueError, match=f"{variable} is '{value}'; set it to 1 or 0"):
        read()


def test_data_dir(monkeypatch):
    assert settings.data_dir() is None
    monkeypatch.setenv("D2LZH_DATA", "")
    assert settings.data_dir() is None
    monkeypatch.setenv("D2LZH_DATA", "~/sets")
    assert settings.data_dir() == Path.home() / "sets"


def test_device_name(monkeypatch):
    assert settings.device_name() is None
    monkeypatch.setenv("D2LZH_DEVICE", "")
    assert settings.device_name() is None
    monkeypatch.setenv("D2LZH_DEVICE", "mps")
    assert settings.device_name() == "mps"
