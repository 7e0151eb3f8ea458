from pathlib import Path

from cms.fingerprint import Stamp, fingerprint


def test_a_stamp_is_current_until_an_input_changes(tmp_path: Path):
    (tmp_path / "migrations").mkdir()
    source = tmp_path / "migrations" / "0001.py"
    source.write_text("first")

    def stamp() -> Stamp:
        return Stamp(tmp_path / "stamps" / "database", fingerprint([tmp_path / "migrations"]))

    assert not stamp().is_current()
    stamp().write()
    assert stamp().is_current()
    source.write_text("second")
    assert not stamp().is_current()
    stamp().write()
    (tmp_path / "migrations" / "0002.py").write_text("")
    assert not stamp().is_current()


def test_compiled_python_does_not_count(tmp_path: Path):
    before = fingerprint([tmp_path])
    (tmp_path / "__pycache__").mkdir()
    (tmp_path / "__pycache__" / "x.pyc").write_bytes(b"x")
    assert fingerprint([tmp_path]) == before
    assert fingerprint([tmp_path], "3.12") != before
