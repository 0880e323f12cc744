"""The command line beside `serve`: in pipes, and with files."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.contract.engine_process import ROOT, EngineProcess, comment

Make = Callable[..., EngineProcess]


def environment() -> dict[str, str]:
    """As on a machine where nobody set anything of Python's: output to a pipe is buffered there."""
    return {
        **{name: value for name, value in os.environ.items() if not name.startswith("PYTHON")},
        "PYTHONPATH": str(ROOT),
    }


def run(*words: str, stdin: bytes = b"", code: int = 0) -> subprocess.CompletedProcess[bytes]:
    env = environment()
    done = subprocess.run(
        [sys.executable, "-m", "liveconsole", *words],
        input=stdin,
        env=env,
        cwd=ROOT,
        capture_output=True,
        timeout=50,
        check=False,
    )
    assert done.returncode == code, (done.returncode, done.stdout, done.stderr)
    return done


def ndjson(*lines: Any) -> bytes:
    return b"".join(json.dumps(line, ensure_ascii=False).encode() + b"\n" for line in lines)


def test_publish_and_tail_in_a_pipe(engine_of: Make) -> None:
    running = engine_of()
    data = ("--data", str(running.folder))
    facts = [comment(str(n), f"第{n}条") for n in range(1200)]
    done = run("publish", *data, stdin=ndjson(*facts))
    assert json.loads(done.stdout) == {"accepted": 1200, "duplicates": 0, "refused": 0}
    again = run("publish", *data, stdin=ndjson(*facts[:3]) + b"not json\n\n" + ndjson(comment("new")), code=1)
    assert json.loads(again.stdout) == {"accepted": 1, "duplicates": 3, "refused": 1}
    assert again.stderr.startswith(b"line 4: unreadable")
    tailed = run("tail", "--once", "--after", "1", *data)
    lines = [json.loads(line) for line in tailed.stdout.splitlines()]
    assert [line["seq"] for line in lines] == list(range(2, 1202))
    assert lines[0]["data"]["text"] == "第1条"


def test_what_comes_from_a_pipe_stands_in_its_order(engine_of: Make) -> None:
    """Thousands of lines, long and short, good and bad, in more posts than go out at once."""
    running = engine_of()
    lines, good = [], []
    for n in range(12_000):
        if n % 1_500 == 7:
            lines.append(b'{"broken"')
        else:
            good.append(f"o{n}")
            lines.append(ndjson(comment(f"o{n}", "长" * (n % 300)))[:-1])
    done = run("publish", "--data", str(running.folder), stdin=b"\n".join(lines), code=1)
    assert json.loads(done.stdout) == {"accepted": len(good), "duplicates": 0, "refused": 8}
    assert done.stderr.decode().splitlines() == [
        line for line in done.stderr.decode().splitlines() if line.startswith("line ")
    ]
    assert [int(line.split()[1][:-1]) for line in done.stderr.decode().splitlines()] == [
        n + 1 for n in range(12_000) if n % 1_500 == 7
    ]
    found, after = [], 0
    while page := running.log(after):
        found += [line["id"] for line in page]
        after = page[-1]["seq"]
    assert found == good


def test_a_slow_pipe_is_not_waited_for(engine_of: Make) -> None:
    running = engine_of()
    words = [sys.executable, "-m", "liveconsole", "publish", "--data", str(running.folder)]
    with subprocess.Popen(
        words, env=environment(), cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as publish:
        assert publish.stdin is not None
        for n in range(3):
            publish.stdin.write(ndjson(comment(f"slow-{n}")))
            publish.stdin.flush()
            ends = time.monotonic() + 10
            while running.seq() <= n:
                assert time.monotonic() < ends, "it waits for more before it posts"
        publish.stdin.write(ndjson(comment("slow-3"))[:-1])  # the last line may lack its end
        said, _ = publish.communicate(timeout=20)
    assert json.loads(said) == {"accepted": 4, "duplicates": 0, "refused": 0}


@pytest.mark.skipif(os.name == "nt", reason="the system tells a writer nothing before it writes")
def test_tail_ends_with_the_reader_of_its_pipe_though_nothing_happens(engine_of: Make) -> None:
    running = engine_of()
    running.post([comment("1"), comment("2")])
    env = environment()
    words = [sys.executable, "-m", "liveconsole", "tail", "--data", str(running.folder)]
    with subprocess.Popen(words, env=env, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as tail:
        assert tail.stdout is not None
        assert tail.stderr is not None
        assert json.loads(tail.stdout.readline())["id"] == "1"
        tail.stdout.close()
        assert tail.wait(20) == 0
        assert tail.stderr.read() == b""


def test_tail_goes_on_live_and_ends_with_its_reader(engine_of: Make) -> None:
    running = engine_of()
    running.post([comment("1")])
    env = environment()
    words = [sys.executable, "-m", "liveconsole", "tail", "--data", str(running.folder)]
    tail = subprocess.Popen(words, env=env, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert tail.stdout is not None
    assert tail.stderr is not None
    try:
        assert json.loads(tail.stdout.readline())["id"] == "1"
        running.post([comment("2")])
        assert json.loads(tail.stdout.readline())["id"] == "2"
        tail.stdout.close()
        running.post([comment("3")])
        running.post([comment("4")])
        assert tail.wait(20) == 0
        assert b"Traceback" not in tail.stderr.read()
    finally:
        tail.kill()
        tail.wait(10)
        tail.stderr.close()


def unread(*words: str, errors_too: bool = False) -> tuple[int, bytes]:
    """The exit code of a command whose output nobody reads, and what it said on stderr."""
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run(
        [sys.executable, "-m", "liveconsole", *words],
        env=environment(),
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        stdout=writing,
        stderr=writing if errors_too else subprocess.PIPE,
        timeout=50,
        check=False,
    )
    os.close(writing)
    return done.returncode, done.stderr or b""


@pytest.mark.parametrize("errors_too", [False, True])
@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("--help",), 0),
        (("--version",), 0),
        (("explode",), 2),
        (("tokens",), 0),
        (("tail", "--help"), 0),
        (("tail", "--once"), 0),
        (("publish",), 0),
        (("doctor",), 0),
        (("doctor", "--json"), 0),
        (("report", "--handover"), 0),
        (("rehearse", "--headless", "--seconds", "1"), 0),
    ],
    ids=lambda words: " ".join(words) if isinstance(words, tuple) else "",
)
def test_a_reader_who_had_enough_is_no_failure(
    engine_of: Make, words: tuple[str, ...], code: int, errors_too: bool
) -> None:
    """``| head -1``: with output in a buffer the interpreter would end with 120 at its last flush."""
    data: tuple[str, ...] = ()
    if words[0] in ("tail", "publish", "report", "tokens") and "--help" not in words:
        running = engine_of()
        running.post([comment(str(n)) for n in range(5)])
        data = ("--data", str(running.folder))
    ended, said = unread(*words, *data, errors_too=errors_too)
    assert b"Traceback" not in said
    assert b"Exception ignored" not in said
    assert ended in ((code, 0) if errors_too else (code,))


def test_left_to_the_interpreter_a_closed_pipe_is_a_failure() -> None:
    """The twin: what `cli.main` keeps from happening."""
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run(
        [sys.executable, "-c", "print('x')"], env=environment(), stdout=writing, stderr=subprocess.PIPE,
        check=False,
    )  # fmt: skip
    os.close(writing)
    assert done.returncode != 0


def test_another_engine_by_url_and_token_file(engine_of: Make, tmp_path: Path) -> None:
    running = engine_of()
    token = tmp_path / "token"
    token.write_text(running.tokens["producer"] + "\n", "utf-8")
    there = ("--url", running.found["url"], "--token-file", str(token))
    assert json.loads(run("publish", *there, stdin=ndjson(comment("1"))).stdout)["accepted"] == 1
    assert run("tail", "--once", *there, code=9).stdout == b""
    assert b"token" in run("tail", "--once", "--url", running.found["url"], code=2).stderr


@pytest.mark.parametrize("words", [("publish",), ("tail",)])
def test_without_an_engine_it_says_so(tmp_path: Path, words: tuple[str, ...]) -> None:
    done = run(*words, "--data", str(tmp_path), code=8)
    assert done.stdout == b""
    assert b"no engine runs" in done.stderr
    assert b"Traceback" not in done.stderr


def test_a_stale_engine_json_is_no_engine(engine_of: Make) -> None:
    running = engine_of()
    running.kill()
    assert (running.folder / "engine.json").exists()
    assert b"no engine runs" in run("tail", "--data", str(running.folder), code=8).stderr


def test_a_renewed_token_counts_from_the_next_start(engine_of: Make) -> None:
    first = engine_of()
    old = first.tokens
    done = run("tokens", "--renew", "producer", "--data", str(first.folder))
    assert not [token for token in old.values() if token.encode() in done.stdout]
    assert first.stop() == 0
    second = engine_of(folder=first.folder)
    assert second.tokens["producer"] != old["producer"]
    assert {**second.tokens, "producer": ""} == {**old, "producer": ""}
    assert second.call("POST", "/v1/events", [comment("1")], token=old["producer"]).status == 401


def test_a_backup_of_a_running_room_comes_back_whole(engine_of: Make, tmp_path: Path) -> None:
    first = engine_of()
    first.post([comment(str(n)) for n in range(20)])
    file = tmp_path / "room.backup"
    code = run("backup", str(file), "--data", str(first.folder)).stdout.strip()
    assert run("backup", str(file), "--data", str(first.folder), code=1).stdout == b""
    other = tmp_path / "other"
    assert run("restore", str(file), "--data", str(other), stdin=b"AAAA-AAAA\n", code=1).stdout == b""
    run("restore", str(file), "--data", str(other), stdin=code + b"\n")
    second = engine_of(folder=other)
    assert second.log() == first.log()  # nothing ran in it: nothing is to be said of the restoring


def test_words_that_are_no_command() -> None:
    assert b"no command 'explode'" in run("explode", code=2).stderr
    told = run("--help").stdout.decode()
    for word in ("open", "serve", "rehearse", "replay", "publish", "tail", "verify-draw", "backup", "doctor"):
        assert f"  {word} " in told
    assert run("--version").stdout.strip()
