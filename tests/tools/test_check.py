from pathlib import Path

import polib
import pytest

from tools import advisories, catalogue, check


def test_a_failing_command_fails_its_check():
    assert check.command("python", "-c", "print('why'); raise SystemExit(1)") == ("FAILED", "why\n")
    assert check.command("python", "-c", "").state == "ok"


def test_the_summary_names_what_failed_and_what_was_skipped():
    assert check.summary(4, ["lint"], ["advisories"]) == (
        "4 checks: 2 ok; skipped: advisories; FAILED: lint"
    )
    assert check.summary(2, [], []) == "2 checks: 2 ok"


def test_all_checks_run_although_one_fails(monkeypatch, capsys):
    checks = {
        "bad": lambda: check.Result("FAILED", "line one\nline two"),
        "good": lambda: check.Result("ok", "silent"),
    }
    monkeypatch.setattr(check, "CHECKS", checks)
    monkeypatch.setenv("DATABASE_URL", "postgresql://nobody@/asks")
    assert check.main([]) == 1
    output = capsys.readouterr().out
    assert "    line two" in output
    assert "silent" not in output
    assert output.endswith("2 checks: 1 ok; FAILED: bad\n")


@pytest.mark.parametrize(
    ("dependencies", "state"),
    [
        ([], "skipped"),
        ([{"name": "django", "skip_reason": "not found"}], "skipped"),
        ([{"name": "django", "version": "5.2", "vulns": []}], "ok"),
        (
            [
                {"name": "x", "skip_reason": "not found"},
                {"name": "y", "version": "1", "vulns": [{"id": "CVE-1", "fix_versions": []}]},
            ],
            "FAILED",
        ),
    ],
)
def test_a_known_vulnerability_is_never_passed_over(dependencies, state: str):
    assert advisories.verdict(dependencies)[0] == state


@pytest.fixture
def german(tmp_path: Path, monkeypatch) -> polib.POFile:
    """Return a catalogue of one text, which is also what is collected."""
    path = tmp_path / catalogue.CATALOGUE
    path.parent.mkdir(parents=True)
    german = polib.POFile()
    german.metadata = catalogue.HEADER
    german.append(polib.POEntry(msgid="open", msgstr="geöffnet"))
    german.save(str(path))
    german.save_as_mofile(str(path.with_suffix(".mo")))
    monkeypatch.setattr(catalogue, "ROOT", tmp_path)
    monkeypatch.setattr(catalogue, "collect", lambda: polib.pofile(str(path)))
    return polib.pofile(str(path))


def test_a_complete_catalogue_passes(german: polib.POFile):
    assert list(catalogue.find_problems()) == []


def test_an_untranslated_text_is_found(german: polib.POFile):
    german[0].msgstr = ""
    german.save()
    assert any("untranslated: open" in line for line in catalogue.find_problems())


def test_a_fuzzy_text_is_found(german: polib.POFile):
    german[0].flags.append("fuzzy")
    german.save()
    assert any("fuzzy: open" in line for line in catalogue.find_problems())


def test_a_catalogue_that_was_not_compiled_again_is_found(german: polib.POFile):
    german[0].msgstr = "offen"
    german.save()
    assert list(catalogue.find_problems()) == [
        "django.mo was not compiled from django.po: run 'make messages'."
    ]


def test_a_text_within_an_f_string_is_found(german: polib.POFile, tmp_path: Path):
    source = tmp_path / "cms" / "sentences.py"
    source.parent.mkdir()
    source.write_text("""first = _("open")\nsecond = f"{_('open')}!"\n""")
    assert list(catalogue.find_problems()) == ["cms/sentences.py:2: a text within an f-string"]


def test_a_text_that_is_not_in_the_catalogue_is_found(german: polib.POFile, monkeypatch):
    collected = polib.POFile()
    collected.extend([*german, polib.POEntry(msgid="closed")])
    monkeypatch.setattr(catalogue, "collect", lambda: collected)
    assert "not up to date (run 'make messages'): closed" in list(catalogue.find_problems())


def test_a_missing_gettext_is_told_in_one_line(monkeypatch, capsys):
    monkeypatch.setattr("shutil.which", lambda _program: None)
    assert catalogue.main(["check"]) == 1
    assert capsys.readouterr().out.count("\n") == 1
