"""What stops the preparation is told in one line with what to do."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from cms.environment import BASE_DIR
from cms.fingerprint import Stamp
from tools import environment


def test_a_missing_venv_module_is_told(monkeypatch):
    monkeypatch.setitem(sys.modules, "ensurepip", None)
    with pytest.raises(environment.PreparationError, match="python3-venv") as error:
        environment.require_venv_module()
    assert "\n" not in str(error.value)


def test_an_old_python_is_told(monkeypatch):
    monkeypatch.setattr(sys, "version_info", (3, 9, 2, "final", 0))
    with pytest.raises(environment.PreparationError, match=r"3\.11 or newer .* 3\.9\.2"):
        environment.require_python()


@pytest.mark.parametrize(
    "name", ["tools/environment.py", "cms/environment.py", "cms/fingerprint.py", "cms/ports.py"]
)
def test_an_old_python_understands_the_file_that_tells_it(name: str):
    compile_for_3_9 = "import ast,sys; ast.parse(open(sys.argv[1]).read(), feature_version=(3, 9))"
    subprocess.run([sys.executable, "-c", compile_for_3_9, BASE_DIR / name], check=True)


@pytest.mark.parametrize(
    ("output", "sentence"),
    [
        ("error: Failed to fetch: dns error", "is this machine online"),
        ("npm error code ENOTFOUND", "is this machine online"),
        ("error: hash mismatch", "packages could not be installed: see environment.log."),
    ],
)
def test_a_failed_installation_is_told(output: str, sentence: str, monkeypatch, tmp_path: Path):
    monkeypatch.setattr(environment, "ROOT", tmp_path)
    monkeypatch.setattr(environment, "LOG", tmp_path / "environment.log")
    command = [sys.executable, "-c", f"print({output!r}); raise SystemExit(1)"]
    with pytest.raises(environment.PreparationError, match=sentence) as error:
        environment.run("The packages", *command)
    assert "\n" not in str(error.value)
    assert output in (tmp_path / "environment.log").read_text()


def stamps(folder: Path) -> dict[str, Stamp]:
    return {name: Stamp(folder / name, "inputs") for name in ("demo", "dev")}


@pytest.mark.parametrize(("prepared", "serves_dev"), [("demo", False), ("dev", True)])
def test_what_serves_development_serves_the_demo(prepared: str, serves_dev, tmp_path: Path):
    with environment.stamped(stamps(tmp_path), prepared):
        pass
    assert environment.is_current(stamps(tmp_path), "demo")
    assert environment.is_current(stamps(tmp_path), "dev") is serves_dev


def test_what_failed_on_the_way_is_prepared_again(tmp_path: Path):
    def prepare() -> None:
        with environment.stamped(stamps(tmp_path), "demo"):
            raise environment.PreparationError

    stamps(tmp_path)["dev"].write()
    with pytest.raises(environment.PreparationError):
        prepare()
    assert not environment.is_current(stamps(tmp_path), "demo")


def test_uv_sees_what_pip_sees(monkeypatch):
    listing = (
        "global.extra-index-url='file:///one\\nfile:///two'\n"
        "global.index-url='https://wrong.example'\n"
        "install.index-url='https://index.example/simple'\n"
        ":env:.find-links='/wheels /more-wheels'\n"
        "freeze.timeout='10'\n"
    )
    answer = subprocess.CompletedProcess([], 0, stdout=listing)
    monkeypatch.setattr(subprocess, "run", lambda *_args, **_options: answer)
    monkeypatch.setattr(os, "environ", {})
    assert environment.uv_environment() == {
        "UV_DEFAULT_INDEX": "https://index.example/simple",
        "UV_INDEX": "file:///one file:///two",
        "UV_FIND_LINKS": "/wheels,/more-wheels",
        "UV_INDEX_STRATEGY": "unsafe-best-match",
    }


def test_a_setting_for_uv_beats_one_for_pip(monkeypatch):
    monkeypatch.setattr(environment, "pip_settings", lambda: {"index-url": "https://pip.example"})
    monkeypatch.setattr(os, "environ", {"UV_DEFAULT_INDEX": "https://uv.example"})
    assert environment.uv_environment()["UV_DEFAULT_INDEX"] == "https://uv.example"
