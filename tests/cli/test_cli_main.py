import subprocess
import sys

import pytest

import einvoice
from einvoice.cli import COMMANDS, main
from einvoice.errors import ArtefactError

LIGHT_ONLY = """
import sys
from einvoice.cli import main
try:
    main(sys.argv[1:])
except SystemExit:
    pass
heavy = {"rich", "pikepdf", "typst", "saxonche", "babel", "xmlschema", "pygments", "facturx"}
print(sorted(heavy & set(sys.modules)), file=sys.stderr)
"""


def test_help_names_every_command(run):
    for option in ("--help", "-h"):
        result = run(option)
        assert result.exit_code == 0
        for name, text in COMMANDS.items():
            assert f"  {name}" in result.stdout
            assert text in result.stdout


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_its_module_and_its_help(run, name):
    assert main.get_command(None, name).name == name
    result = run(name, "--help")
    assert result.exit_code == 0
    assert result.stdout.startswith(f"Usage: main {name} [OPTIONS]")
    assert COMMANDS[name].split()[0] in result.stdout


def test_an_unknown_command_is_wrong_use(run):
    assert run("destroy").exit_code == 2


def test_version(run):
    assert run("--version").stdout == f"einvoice {einvoice.__version__}\n"


@pytest.mark.parametrize(
    ("error", "code", "message"),
    [
        (ArtefactError("the schema is missing"), 4, "error: the schema is missing\n"),
        (KeyboardInterrupt(), 130, "interrupted\n"),
    ],
)
def test_what_ends_a_command_is_one_line(run, write, monkeypatch, error, code, message):
    def end(*arguments, **options):
        raise error

    monkeypatch.setattr("einvoice.cli.validate.validate_all", end)
    result = run("validate", write("a.xml", "valid"))
    assert (result.exit_code, result.stderr) == (code, message)


@pytest.mark.parametrize("arguments", [["--help"], ["--version"], ["validate", "/nowhere.xml"]])
def test_light_commands_load_nothing_heavy(arguments):
    command = [sys.executable, "-c", LIGHT_ONLY, *arguments]
    result = subprocess.run(command, capture_output=True, text=True, check=True)
    assert result.stderr.splitlines()[-1] == "[]"


def test_python_m():
    command = [sys.executable, "-m", "einvoice", "--help"]
    result = subprocess.run(command, capture_output=True, text=True, check=True)
    assert result.stdout.startswith("Usage: einvoice ")
