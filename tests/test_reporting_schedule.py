"""When entries are due, what a machine is told to run, and who is told of a failure: with a clock of the tests' own."""

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import time
import tomllib
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from analysis.errors import TightropeError
from analysis.paths import PROJECT
from analysis.reporting.entries import read_briefings
from analysis.reporting.install import due_command, folders_of_clone, install_crontab, install_systemd
from analysis.reporting.notify import tell_failure
from analysis.reporting.schedule import Watch, find_due, note_runs, read_clock, read_last_runs, read_watches
from analysis.reporting.units import (
    add_crontab_line,
    name_schedule,
    write_crontab_line,
    write_service,
    write_timer,
    write_workflow,
)

DAILY = {"togo": Watch("0 5 * * *", ())}
NOW = datetime(2026, 3, 2, 5, 0, 30, tzinfo=UTC)


@pytest.fixture
def notebooks(tmp_path):
    def write(text):
        folder = tmp_path / "notebooks"
        folder.mkdir(exist_ok=True)
        shutil.copy(PROJECT / "notebooks" / "briefing.ipynb", folder)
        (folder / "briefings.toml").write_text(text, encoding="utf-8")
        return folder

    return write


@pytest.mark.parametrize(
    ("last", "is_due"),
    [
        (None, True),
        (NOW - timedelta(days=30), True),
        (NOW - timedelta(seconds=31), True),
        (NOW - timedelta(seconds=30), False),
        (NOW - timedelta(seconds=1), False),
        (NOW + timedelta(days=365), True),
    ],
    ids=["never run", "a month missed", "just before", "on time", "a moment ago", "the clock was set back"],
)
def test_an_entry_is_due_if_a_time_has_come_since_its_last_run(last, is_due):
    assert find_due(DAILY, {} if last is None else {"togo": last}, NOW) == (["togo"] if is_due else [])


def test_after_downtime_an_entry_is_made_once():
    runs = {"togo": NOW - timedelta(days=9)}
    made = 0
    for minutes in range(0, 24 * 60 - 5, 10):
        now = NOW + timedelta(minutes=minutes)
        for name in find_due(DAILY, runs, now):
            made += 1
            runs[name] = now
    assert made == 1


def test_a_week_of_looks_makes_a_report_a_day():
    runs, made = {}, []
    for minutes in range(0, 7 * 24 * 60, 10):
        now = datetime(2026, 3, 2, 0, 3, tzinfo=UTC) + timedelta(minutes=minutes)
        for name in find_due(DAILY, runs, now):
            made.append(now)
            runs[name] = now
    assert [f"{time:%d %H:%M}" for time in made] == ["02 00:03", *(f"0{day} 05:03" for day in range(2, 9))]


def test_an_entry_without_a_time_is_never_due():
    assert find_due({"togo": Watch("", ())}, {}, NOW) == []


def test_times_are_those_of_the_machine():
    here = timezone(timedelta(hours=-3))
    last = datetime(2026, 3, 2, 7, 30, tzinfo=UTC)
    assert find_due(DAILY, {"togo": last}, datetime(2026, 3, 2, 4, 59, tzinfo=here)) == []
    assert find_due(DAILY, {"togo": last}, datetime(2026, 3, 2, 5, 0, tzinfo=here)) == ["togo"]


@pytest.fixture
def paris(monkeypatch):
    """The zone of a machine that puts its clock back at 3 on 25 October 2026, and forward at 2 on 29 March."""
    monkeypatch.setenv("TZ", "CET-1CEST,M3.5.0/2,M10.5.0/3")
    time.tzset()
    yield read_clock().tzinfo
    monkeypatch.undo()
    time.tzset()


@pytest.mark.parametrize(
    ("cron", "made"),
    [
        ("0 0 * * *", ["25 00:03 +0200", "26 00:03 +0100"]),
        ("30 2 * * *", ["25 02:33 +0200", "26 02:33 +0100"]),
        ("0 5 * * *", ["25 05:03 +0100", "26 05:03 +0100"]),
        ("0 1-3 * * SUN", ["25 01:03 +0200", "25 02:03 +0200", "25 03:03 +0100"]),
        ("0 */12 * * *", ["25 00:03 +0200", "25 12:03 +0100", "26 00:03 +0100", "26 12:03 +0100"]),
    ],
)
def test_an_hour_that_is_put_back_makes_nothing_due_a_second_time(paris, cron, made):
    begun = datetime(2026, 10, 24, 21, 3, tzinfo=UTC)
    runs, found = {"togo": begun}, []
    for minutes in range(0, 40 * 60, 10):
        now = (begun + timedelta(minutes=minutes)).astimezone(paris)
        if find_due({"togo": Watch(cron, ())}, runs, now):
            runs["togo"] = datetime.fromisoformat(now.isoformat())  # as it is noted and read back
            found.append(f"{now:%d %H:%M %z}")
    assert found == made


def test_a_time_that_the_clock_leaves_out_has_come_when_it_goes_on(paris):
    before, after = (
        datetime(2026, 3, 29, hour, minute, tzinfo=UTC).astimezone(paris) for hour, minute in [(0, 59), (1, 0)]
    )
    runs = {"togo": before - timedelta(hours=1)}
    watches = {"togo": Watch("30 2 * * *", ())}
    assert (before.hour, after.hour) == (1, 3)
    assert (find_due(watches, runs, before), find_due(watches, runs, after)) == ([], ["togo"])


def test_what_was_run_is_noted_and_read_back(tmp_path):
    assert read_last_runs(tmp_path) == {}
    note_runs(tmp_path, ["togo", "benin"], NOW)
    note_runs(tmp_path, ["togo"], NOW + timedelta(days=1))
    assert read_last_runs(tmp_path) == {"benin": NOW, "togo": NOW + timedelta(days=1)}
    for broken in ("{", "[]", '{"togo": 5}', '{"togo": "yesterday"}', '{"togo": "2026-03-02"}'):
        (tmp_path / ".state" / "last_runs.json").write_text(broken, encoding="utf-8")
        assert read_last_runs(tmp_path) == {}


def test_what_stands_above_all_entries_holds_for_each(notebooks):
    folder = notebooks(
        'cron = "0 5 * * *"\non_failure = "mail -s \'it failed\'"\n'
        '[togo]\nnotebook = "briefing.ipynb"\n[mali]\nnotebook = "briefing.ipynb"\ncron = "0 6 * * MON"\non_failure = ""\n'
    )
    assert read_watches(folder) == {
        "togo": Watch("0 5 * * *", ("mail", "-s", "it failed")), "mali": Watch("0 6 * * MON", ()),
    }  # fmt: skip
    assert [briefing.parameters for briefing in read_briefings(folder)] == [{}, {}]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('cron = "5 o\'clock"', "five fields such as"),
        ('cron = "0 0 5 * * *"', "five fields such as"),
        ('cron = "61 * * * *"', "Bad minute; five fields"),
        ('cron = "0 0 30 2 *"', "five fields such as"),
        ("cron = 5", "cron of 'togo' is 5"),
        ('on_failure = "mail \'unclosed"', "No closing quotation"),
        ("on_failure = []", r"on_failure of 'togo' is \[\]; a command"),
        (r'on_failure = "mail\u0000"', r"on_failure of 'togo' is 'mail\\x00'; a command"),
    ],
)
def test_what_cannot_be_understood_is_named(notebooks, line, said):
    with pytest.raises(TightropeError, match=f"briefings.toml: .*togo.*{said}|{said}"):
        read_watches(notebooks(f'[togo]\nnotebook = "briefing.ipynb"\n{line}\n'))


SHOW = "import json, os, sys; json.dump([sys.argv[1:], os.environ['TIGHTROPE_REPORT'], os.environ['TIGHTROPE_FAILURE']], open(sys.argv[1], 'w'))"


def test_a_failure_is_told_without_a_shell(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    page = Path("$(touch hacked); `touch hacked`") / "failed.html"
    command = [sys.executable, "-c", SHOW, str(tmp_path / "told.json"), "$HOME", "a;b"]
    assert tell_failure(command, "to'go\"; touch hacked", page) == ""
    arguments, name, path = json.loads((tmp_path / "told.json").read_text(encoding="utf-8"))
    assert arguments[1:] == ["$HOME", "a;b", str(tmp_path / page)]
    assert (name, path) == ("to'go\"; touch hacked", str(tmp_path / page))
    assert [found.name for found in tmp_path.iterdir()] == ["told.json"]


def test_a_command_that_fails_or_is_not_there_is_told_of(monkeypatch):
    from analysis.reporting import notify

    page = Path("failed.html")
    assert tell_failure(["test", "-z"], "togo", None, "an error") == ""
    assert "no-such-program cannot be run" in tell_failure(["no-such-program"], "togo", page)
    assert "ended with 3" in tell_failure([sys.executable, "-c", "raise SystemExit(3)"], "togo", page)
    monkeypatch.setattr(notify, "PATIENCE_SECONDS", 0.2)
    slow = [sys.executable, "-c", "import threading; threading.Event().wait(20)"]
    assert "did not end in 0.2 seconds" in tell_failure(slow, "togo", page)


@pytest.mark.parametrize(
    "error", ["x" * 200_000, "\ud800 and no more", "é" * 100_000], ids=["long", "half a pair", "two bytes each"]
)
def test_a_failure_is_told_whatever_its_words(tmp_path, error):
    told = tmp_path / "told"
    write = "import os, sys; open(sys.argv[1], 'w', encoding='utf-8').write(os.environ['TIGHTROPE_ERROR'])"
    assert tell_failure([sys.executable, "-c", write, str(told)], "togo", None, error) == ""
    assert len(told.read_bytes()) == min(10_000, len(error.encode(errors="replace")))
    assert error.replace("\ud800", "?").startswith(told.read_text(encoding="utf-8"))


def test_a_command_that_asks_something_waits_for_nobody(tmp_path):
    (tmp_path / "typed").write_text("y\n", encoding="utf-8")
    ask = "import sys; raise SystemExit(len(sys.stdin.read()))"
    kept = os.dup(0)
    try:
        with (tmp_path / "typed").open() as typed:
            os.dup2(typed.fileno(), 0)
        assert tell_failure([sys.executable, "-c", ask], "togo", None) == ""
    finally:
        os.dup2(kept, 0)
        os.close(kept)


NAME = "tightrope-1a2b3c4d"
ODD = [
    "it's", 'say "x"', "back\\slash", "ends in one\\", "ends in a blank ", "$HOME $$ ${x}", "100% %h", "-dash", "~", "a;b & c",
    "é\u202fü", "#not a comment", "*", "`x` $(x)",
]  # fmt: skip


def test_a_crontab_line_is_one_line_for_a_shell(tmp_path):
    line = write_crontab_line(["/a b/tightrope", "batch", "--due"], Path("/srv/it's 100%"), NAME)
    assert line.startswith("*/10 * * * * cd ")
    assert "\\%" in line
    words = shlex.split(line.replace("\\%", "%").removesuffix(f"# {NAME}: due briefings"))
    # What is said when nothing is due would be mailed every ten minutes.
    assert words[5:] == ["cd", "/srv/it's 100%", "&&", "exec", "/a b/tightrope", "batch", "--due", ">", "/dev/null"]
    once = add_crontab_line("MAILTO=me\n", line, NAME)
    assert once == (f"MAILTO=me\n{line}\n", [])
    assert add_crontab_line(once[0], line, NAME) == (once[0], [line])


def plant_odd(folder):
    """A program in a folder of an odd name that notes where it runs and with what; the note's path."""
    folder.mkdir()
    note = folder / "note"
    program = folder / "tightrope"
    program.write_text(
        f"#!{sys.executable}\nimport json, os, sys\n"
        "with open(sys.argv[1], 'w') as file:\n    json.dump([os.getcwd(), os.getppid(), *sys.argv[2:]], file)\n",
        encoding="utf-8",
    )
    program.chmod(0o755)
    return program, note


def read_exec(service):
    """The words of a service's ExecStart as systemd reads them: quotes, then specifiers, then variables."""
    (line,) = re.findall("^ExecStart=(.*)$", service, re.MULTILINE)
    shell, option, quoted = re.fullmatch(r'(\S+) (\S+) "((?:[^"\\]|\\.)*)"', line).groups()
    text = re.sub(r"\\(.)", r"\1", quoted)
    assert not re.search(r"(?<!%)%(%%)*(?!%)", text)
    assert not re.search(r"(?<!\$)\$(\$\$)*(?!\$)", text)
    return [shell, option, text.replace("%%", "%").replace("$$", "$")]


@pytest.mark.parametrize("name", ODD)
def test_a_schedule_runs_words_as_they_are_in_a_folder_of_any_name(tmp_path, name):
    program, note = plant_odd(tmp_path / name)
    command = [str(program), str(note), "$HOME", "100%", 'say "x"']
    service = write_service(command, program.parent)
    assert "\nKillMode=mixed\n" in service  # kernels that are asked to end before their batch would be failures
    crontab = write_crontab_line(command, program.parent, NAME).removeprefix("*/10 * * * * ").replace("\\%", "%")
    for words in (read_exec(service), ["/bin/sh", "-c", crontab]):
        subprocess.run(words, check=True, stdin=subprocess.DEVNULL)
        # The shell has become the program, which a stop is meant for.
        expected = [str(program.parent), os.getpid(), "$HOME", "100%", 'say "x"']
        assert json.loads(note.read_text(encoding="utf-8")) == expected
        note.unlink()


@pytest.mark.parametrize("name", ["new\nline", "tab\tbed", "\x1b[2J", "no utf-8 \udce9"])
def test_a_name_that_no_line_can_hold_is_refused(name):
    for given in ((["tightrope"], Path("/srv") / name), (["tightrope", "--reports", f"/srv/{name}"], Path("/srv"))):
        for write in (write_service, lambda *words: write_crontab_line(*words, NAME)):
            with pytest.raises(TightropeError, match="holds a character that no schedule can") as caught:
                write(*given)
            assert "\n" not in str(caught.value)


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="no systemd-analyze on this machine")
@pytest.mark.parametrize("name", ["plain", *ODD])
def test_systemd_understands_its_units(tmp_path, monkeypatch, name):
    program, note = plant_odd(tmp_path / name)
    units = tmp_path / "units"
    units.mkdir()
    (units / f"{NAME}.service").write_text(write_service([str(program), str(note)], program.parent), encoding="utf-8")
    (units / f"{NAME}.timer").write_text(write_timer(program.parent), encoding="utf-8")
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    done = subprocess.run(
        ["systemd-analyze", "verify", "--user", str(units / f"{NAME}.timer"), str(units / f"{NAME}.service")],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")


def test_a_timer_looks_every_ten_minutes_and_after_downtime():
    units = tomllib.loads(re.sub(r"=(.*)", r'="\1"', write_timer(Path("/srv"))))
    assert units["Timer"] == {"OnCalendar": "*:0/10", "Persistent": "true"}  # without it what was missed stays so
    assert units["Install"] == {"WantedBy": "timers.target"}


def test_a_workflow_names_each_time_once():
    workflow = write_workflow(["0 5 * * *", "0 6 * * MON", "0 5 * * *"])
    assert workflow.count("- cron:") == 2
    assert "tightrope batch --due" in workflow
    yaml = pytest.importorskip("yaml")
    assert yaml.safe_load(workflow)["jobs"]["briefings"]["runs-on"] == "ubuntu-latest"


@pytest.mark.parametrize(
    ("cron", "written"),
    [
        ("0 5 L * *", "0 5 * * *"), ("0 5 LW JUL MON", "0 5 * JUL *"), ("*/30 5 * * MON#1", "*/30 5 * * *"),
        ("0 5 1 * 5l", "0 5 * * *"), ("0 5 * * 0-7", "0 5 * * *"), ("7 17 27 7 SUN-SAT", "7 17 27 7 SUN-SAT"),
    ],
)  # fmt: skip
def test_a_workflow_looks_each_day_where_github_knows_no_such_day(cron, written):
    read_times = re.compile('- cron: "(.*)"').findall
    assert read_times(write_workflow([cron])) == [written]
    assert len(read_times(write_workflow([cron, written]))) == 1


def test_a_workflow_keeps_the_reports_for_the_next_run_though_one_has_failed():
    yaml = pytest.importorskip("yaml")
    steps = yaml.safe_load(write_workflow(["0 5 * * *"]))["jobs"]["briefings"]["steps"]
    places = {next(iter(step.get("uses", step.get("run", "")).split("@"))): number for number, step in enumerate(steps)}
    run = places[".venv/bin/tightrope batch --due"]
    restored, saved = (places[f"actions/cache/{name}"] for name in ("restore", "save"))
    assert restored < run < saved
    assert steps[saved]["if"] == "always()"  # a job whose report has failed is a failed job
    key = steps[saved]["with"]["key"]
    assert key.startswith(steps[restored]["with"]["restore-keys"])
    assert "run_id" in key  # what is saved under a key is never replaced
    assert "run_attempt" in key


def test_a_workflow_names_the_folders_of_the_clone_and_says_which_it_cannot_have():
    yaml = pytest.importorskip("yaml")
    folders = {"reports": PROJECT / "my reports: a", "notebooks": PROJECT / "mine", "data": Path("/srv/x\ny")}
    workflow = write_workflow(["0 5 * * *"], *folders_of_clone(**folders))
    steps = yaml.safe_load(workflow)["jobs"]["briefings"]["steps"]
    assert [step["run"] for step in steps if "run" in step][-1] == (
        ".venv/bin/tightrope batch --due --reports 'my reports: a' --notebooks mine"
    )
    assert [step["with"]["path"] for step in steps if "path" in step.get("with", {})] == ["my reports: a"] * 3
    assert workflow.startswith("# outside of the project, and so unknown here: --data /srv/x")
    assert workflow.splitlines()[1] == "name: briefings"


def plant(folder, name, text):
    program = folder / name
    program.write_text(f"#!{sys.executable}\n{text}", encoding="utf-8")
    program.chmod(0o755)


@pytest.fixture
def machine(tmp_path, monkeypatch):
    """A machine whose home and programs are a test's own."""
    programs = tmp_path / "programs"
    programs.mkdir()
    monkeypatch.setenv("PATH", str(programs))
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("XDG_CONFIG_HOME", raising=False)
    return programs


def test_systemd_is_installed_for_the_user(machine, tmp_path):
    calls = tmp_path / "calls"
    plant(machine, "systemctl", f"import sys; open({str(calls)!r}, 'a').write(' '.join(sys.argv[1:]) + '\\n')")
    done = install_systemd(["/bin/tightrope", "batch", "--due"], tmp_path, NAME)
    units = tmp_path / ".config" / "systemd" / "user"
    assert sorted(path.name for path in units.iterdir()) == [f"{NAME}.service", f"{NAME}.timer"]
    assert "/bin/tightrope batch --due" in (units / f"{NAME}.service").read_text(encoding="utf-8")
    assert calls.read_text(encoding="utf-8") == f"--user daemon-reload\n--user enable --now {NAME}.timer\n"
    assert len(done) == 4
    assert done[-1] == f"to end it: systemctl --user disable --now {NAME}.timer"


CRONTAB = """
import sys
from pathlib import Path
table = Path({table!r})
if sys.argv[1] == "-l":
    if not table.exists():
        print("no crontab for me", file=sys.stderr)
        raise SystemExit(1)
    sys.stdout.buffer.write(table.read_bytes())
else:
    table.write_bytes(sys.stdin.buffer.read())
"""


def test_the_crontab_keeps_what_is_in_it(machine, tmp_path):
    table = tmp_path / "table"
    plant(machine, "crontab", CRONTAB.format(table=str(table)))
    install_crontab(["tightrope", "batch", "--due"], tmp_path, NAME)
    assert table.read_text(encoding="utf-8").count("\n") == 1
    table.write_text("0 1 * * * backup\n" + table.read_text(encoding="utf-8"), encoding="utf-8")
    done = install_crontab(["tightrope", "batch", "--due"], tmp_path, NAME)
    lines = table.read_text(encoding="utf-8").splitlines()
    assert lines[0] == "0 1 * * * backup"
    assert len(lines) == 2
    assert done == [f"put into the crontab: {lines[1]}", "to end it, take that line out: crontab -e"]
    assert install_crontab(["tightrope", "batch"], tmp_path, NAME)[1] == f"in the place of: {lines[1]}"


def test_the_schedules_of_two_clones_and_of_two_briefings_toml_stand_side_by_side(machine, tmp_path):
    table = tmp_path / "table"
    plant(machine, "crontab", CRONTAB.format(table=str(table)))
    plant(machine, "systemctl", "pass")
    places = [(tmp_path / clone, tmp_path / clone / folder) for clone in ("a", "b") for folder in ("notebooks", "mine")]
    names = [name_schedule(*place) for place in places]
    assert len(set(names)) == 4
    for (clone, notebooks), name in zip(places, names, strict=True):
        for _ in range(2):
            done = install_crontab(["tightrope", str(notebooks)], clone, name)
            assert not any("in the place of" in line for line in done)
            install_systemd(["tightrope", str(notebooks)], clone, name)
    assert len(table.read_text(encoding="utf-8").splitlines()) == 4
    units = tmp_path / ".config" / "systemd" / "user"
    assert sorted(path.name for path in units.iterdir()) == sorted(
        f"{name}.{kind}" for name in names for kind in ("service", "timer")
    )
    for (_, notebooks), name in zip(places, names, strict=True):
        assert str(notebooks) in (units / f"{name}.service").read_text(encoding="utf-8")


def test_what_others_wrote_into_the_crontab_stays_as_it_was(machine, tmp_path):
    table = tmp_path / "table"
    plant(machine, "crontab", CRONTAB.format(table=str(table)))
    before = "# caf\xe9\n0 1 * * * a\x0cb \u2028\n\n".encode("latin-1", errors="replace") + "\u2028\n".encode()
    table.write_bytes(before)
    install_crontab(["tightrope"], tmp_path, NAME)
    assert table.read_bytes().startswith(before)


def test_a_user_without_a_home_is_told(machine, tmp_path, monkeypatch):
    plant(machine, "systemctl", "pass")

    def find_no_home():
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.setattr(Path, "home", find_no_home)
    with pytest.raises(TightropeError, match="no home folder; set HOME"):
        install_systemd(["tightrope"], tmp_path, NAME)


def test_a_cron_without_a_table_of_the_user_is_given_one(machine, tmp_path):
    table = tmp_path / "table"
    told = "crontab: can't open 'me': No such file or directory"
    plant(machine, "crontab", CRONTAB.format(table=str(table)).replace("no crontab for me", told))
    install_crontab(["tightrope"], tmp_path, NAME)
    assert len(table.read_text(encoding="utf-8").splitlines()) == 1


def test_a_crontab_that_cannot_be_read_is_not_replaced(machine, tmp_path):
    plant(machine, "crontab", "import sys; print('not allowed', file=sys.stderr); raise SystemExit(1)")
    with pytest.raises(TightropeError, match="crontab -l ended with 1: not allowed"):
        install_crontab(["tightrope"], tmp_path, NAME)


def test_a_machine_without_either_says_so(machine, tmp_path):
    with pytest.raises(TightropeError, match=r"there is no systemctl on this machine; try --cron"):
        install_systemd(["tightrope"], tmp_path, NAME)
    assert not (tmp_path / ".config").exists()
    with pytest.raises(TightropeError, match=r"there is no crontab on this machine; try --systemd"):
        install_crontab(["tightrope"], tmp_path, NAME)


def test_the_command_is_absolute_and_names_what_is_not_usual(tmp_path):
    command = due_command(reports=tmp_path / "reports")
    assert os.path.isabs(command[0])
    assert command[-4:] == ["batch", "--due", "--reports", str(tmp_path / "reports")]
    command = due_command(raw=tmp_path / "raw", data=tmp_path / "built")
    assert command[-4:] == ["--raw", str(tmp_path / "raw"), "--data", str(tmp_path / "built")]


def test_a_schedule_names_the_folder_of_tables_that_the_environment_names(tmp_path):
    ask = "from analysis import paths; from analysis.reporting.install import due_command; "
    told = {}
    for given in ("", str(tmp_path)):
        told[given] = subprocess.run(
            [sys.executable, "-c", f"{ask}print(due_command(data=paths.PROCESSED))"],
            env={**os.environ, "TIGHTROPE_DATA": given}, capture_output=True, text=True, check=True, cwd=tmp_path,
        ).stdout  # fmt: skip
    assert "--data" not in told[""]
    assert f"'--data', '{tmp_path}'" in told[str(tmp_path)]


def tightrope(*arguments, folder):
    return subprocess.run(
        [sys.executable, "-m", "analysis", "schedule", "--notebooks", str(folder), *arguments],
        capture_output=True, text=True, timeout=120, check=False, cwd=PROJECT,
    )  # fmt: skip


@pytest.mark.slow
def test_the_command_prints_all_three_and_says_when_nothing_is_due(notebooks):
    folder = notebooks('[togo]\nnotebook = "briefing.ipynb"\n')
    done = tightrope(folder=folder)
    assert done.returncode == 1
    assert "no entry of briefings.toml is ever due" in done.stderr
    folder = notebooks('[togo]\nnotebook = "briefing.ipynb"\ncron = "0 5 * * *"\n')
    done = tightrope(folder=folder)
    assert done.returncode == 0
    for part in ("[Timer]", "[Service]", "*/10 * * * * cd ", 'cron: "0 5 * * *"', f"--notebooks {folder}"):
        assert part in done.stdout
    assert "\n      - run: " in tightrope("--workflow", "--raw", "/srv/raw", folder=folder).stdout
    named = ["--reports", "/srv/reports", "--raw", "/srv/raw", "--data", "/srv/data"]
    line = tightrope("--cron", *named, folder=folder).stdout
    assert f"--reports /srv/reports --notebooks {folder} --raw /srv/raw --data /srv/data " in line
    assert "--install needs one of --systemd and --cron" in tightrope("--install", folder=folder).stderr


@pytest.mark.slow
@pytest.mark.parametrize(("option", "made"), [("--systemd", {".config"}), ("--cron", {"table"})])
def test_the_command_installs_what_it_is_told_and_no_other(machine, notebooks, tmp_path, option, made):
    folder = notebooks('[togo]\nnotebook = "briefing.ipynb"\ncron = "0 5 * * *"\n')
    plant(machine, "systemctl", "pass")
    plant(machine, "crontab", CRONTAB.format(table=str(tmp_path / "table")))
    before = {path.name for path in tmp_path.iterdir()}
    done = tightrope("--install", option, folder=folder)
    assert (done.returncode, done.stderr) == (0, "")
    assert {path.name for path in tmp_path.iterdir()} - before == made


def test_the_projects_own_briefings_can_be_read():
    entries = tomllib.loads((PROJECT / "notebooks" / "briefings.toml").read_text(encoding="utf-8"))
    assert read_watches().keys() == {name for name in entries if name not in ("cron", "on_failure")}
