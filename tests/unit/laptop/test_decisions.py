"""What is decided before anything starts."""

from __future__ import annotations

import socket
from pathlib import Path

import psutil
import pytest

from seatrial import System, metric
from seatrial.laptop.code import Code, entry_of
from seatrial.laptop.launch import LACKING, MEANINGLESS, Refused, plan_here, prepare
from seatrial.laptop.ports import Ports
from seatrial.laptop.process import ending
from seatrial.laptop.state import AlreadyLocked, Home, Lock, PartState, RunState, project_of
from seatrial.laptop.supervisor import MADE_HERE
from seatrial.laptop.tuning import settings_for
from seatrial.laptop.units import Pace, back_off
from seatrial.laptop.unprivileged import User, may_enter
from seatrial.laptop.watch import affected, source_folders, unreadable
from seatrial.model import parts as model_parts
from seatrial.model.parts import Process


def test_every_kind_of_part_runs_here_or_is_said_to_be_missing_or_is_done_without():
    kinds = {
        kind
        for name in model_parts.__all__
        if isinstance(kind := getattr(model_parts, name), type)
        and issubclass(kind, model_parts.Part)
        and kind not in (model_parts.Part, Process)
    }

    assert kinds == {*MADE_HERE, *LACKING, *MEANINGLESS}
    assert len(kinds) == len(MADE_HERE) + len(LACKING) + len(MEANINGLESS)


def test_a_laptop_does_without_ways_in_the_ground_and_the_watch(shop):
    names = [part.name for part in shop.plan().parts]
    pool = shop.node_pool("pool")
    web = shop.service("web", "python -m web", port=5003, host=pool)
    team = shop.contact("team", slack=shop.secret("slack-webhook"))
    shop.alert("busy", metric(web, "cpu"), above=80, tell=[team])
    shop.front_door("entrance", routes={"/*": web})
    shop.network("net")
    # A secret that a process uses too stays
    key = shop.secret("pager")
    shop.contact("oncall", pagerduty=key)
    shop.worker("caller", "sleep 600", uses=[key])

    here = plan_here(shop.plan())

    assert [part.name for part in here.parts] == [*names, "web", "pager", "caller"]
    assert [part.name for part in here.in_order_of_need()] == [*names, "web", "pager", "caller"]


def test_what_a_process_needs_and_a_laptop_lacks_is_told_before_anything_starts(shop, tmp_path):
    history = shop.postgres("history", sign_in="password")
    engine = shop.temporal("engine", history=history)
    web = shop.service("web", "python -m web", port=5003)
    gateway = shop.api_management("gateway", apis={"web": web}, publisher="us")
    shop.worker("runner", "sleep 600", uses=[engine, gateway])
    shop.sandbox("cell", "python -m cell", port=8099)
    shop.documents("results")

    with pytest.raises(Refused) as refused:
        prepare(shop.plan(), tmp_path / "system.py", Home(folder=tmp_path), {}, environ={"API_KEY": "k"})

    told = [trouble.what for trouble in refused.value.troubles]
    assert told == [
        "runner uses gateway, which is not there on a laptop",
        "results cannot run on a laptop",
        "cell cannot run on a laptop",
        "engine cannot run on a laptop",
    ]
    assert not (tmp_path / "postgres").exists()


def test_everything_that_stands_in_the_way_is_told_at_once(shop, tmp_path):
    shop.queue("work")
    shop.worker("odd", "no-such-program --x")

    with pytest.raises(Refused) as refused:
        prepare(shop.plan(), tmp_path / "system.py", Home(folder=tmp_path / "home"), {"web": 80}, environ={})

    told = str(refused.value)
    assert 'shop has no part "web" with a port\n  hint: parts with a port: papers, api' in told
    assert "work cannot run on a laptop" in told
    assert "api-key needs API_KEY, which is not set" in told
    assert 'odd: "no-such-program" is not a program on PATH' in told


def test_a_prepared_system_holds_its_ports_until_it_lets_go(shop, tmp_path):
    launch = prepare(
        shop.plan(), tmp_path / "system.py", Home(folder=tmp_path), {"api": free()}, environ={"API_KEY": "k"}
    )
    port = launch.ports.chosen["api"]
    try:
        assert Ports({"x": port}, {}).moved["x"][0] == port
    finally:
        launch.ports.let_go("api")
    again = Ports({"x": port}, {})
    assert again.chosen == {"x": port}
    again.let_all_go()


def test_a_command_has_its_port_and_the_python_of_seatrial(shop, tmp_path):
    launch = prepare(
        shop.plan(), tmp_path / "system.py", Home(folder=tmp_path), {"api": free()}, environ={"API_KEY": "k"}
    )
    launch.ports.let_all_go()
    api = launch.plan.part("api")
    assert isinstance(api, Process)

    command = launch.command(api, {**launch.addresses, "papers": "postgresql://x"})

    assert Path(command.words[0]).name.startswith("python")
    assert command.words[1:] == ("-m", "api", "--port", str(launch.ports.chosen["api"]))


def free() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def test_a_taken_port_of_the_file_moves_on_and_never_to_one_that_another_part_wants():
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        taken = holder.getsockname()[1]

        ports = Ports({"api": taken, "web": taken + 1}, {})
        ports.let_all_go()

    assert ports.moved["api"][0] == taken
    assert f"process {psutil.Process().pid}" in ports.moved["api"][1]
    assert len({taken, *ports.chosen.values()}) == 3
    assert ports.chosen["api"] != taken + 1


@pytest.mark.parametrize(("deaths", "seconds"), [(1, 0.25), (2, 0.5), (3, 1), (5, 4), (20, 30)])
def test_back_off_doubles_up_to_its_end(deaths, seconds):
    assert back_off(deaths, Pace()) == seconds


@pytest.mark.parametrize(
    ("code", "words"),
    [(0, "ended with exit code 0"), (-9, "was ended by SIGKILL"), (-63, "was ended by signal 63")],
)
def test_an_ending_is_told_in_words(code, words):
    assert ending(code) == words


def test_the_settings_fit_the_machine():
    small, large = settings_for(2 * 2**30), settings_for(64 * 2**30)

    assert (small["shared_buffers"], large["shared_buffers"]) == ("256MB", "4096MB")
    assert (small["maintenance_work_mem"], large["maintenance_work_mem"]) == ("170MB", "2048MB")
    assert small["listen_addresses"] == "127.0.0.1"
    assert small["unix_socket_directories"] == ""


def test_the_project_is_the_repository_before_the_package(tmp_path):
    (tmp_path / ".git").mkdir()
    package = tmp_path / "systems" / "shop"
    package.mkdir(parents=True)
    (package / "pyproject.toml").touch()

    assert project_of(package / "system.py") == tmp_path
    (tmp_path / ".git").rmdir()
    assert project_of(package / "system.py") == package


def test_a_lock_is_held_once_and_free_again(tmp_path):
    path = tmp_path / "home" / "lock"
    lock = Lock(path)

    with pytest.raises(AlreadyLocked) as held:
        Lock(path)
    assert held.value.pid == Lock.holder(path) == psutil.Process().pid

    lock.release()
    assert not path.exists()
    assert Lock.holder(path) is None
    Lock(path).release()


def test_state_is_read_as_it_was_written_and_half_of_it_is_none(tmp_path):
    home = Home(folder=tmp_path)
    state = RunState(system="shop", title="Shop", file="system.py", variant=None, run="r", pid=1)
    state.parts["api"] = PartState(name="api", kind="service", pid=7, created=1.5)
    state.write(home)

    assert RunState.read(home) == state
    home.state.write_text(home.state.read_text()[:40])
    assert RunState.read(home) is None


def test_a_user_may_enter_only_where_every_folder_lets_it(tmp_path):
    closed = tmp_path / "closed"
    (closed / "inside").mkdir(parents=True)
    closed.chmod(0o700)
    stranger = User(name="stranger", uid=closed.stat().st_uid + 4711, gid=closed.stat().st_gid + 4711)
    owner = User(name="owner", uid=closed.stat().st_uid, gid=closed.stat().st_gid)

    assert not may_enter(closed / "inside" / "not there yet", stranger)
    assert may_enter(Path("/"), stranger)
    assert may_enter(closed / "inside", owner) == may_enter(tmp_path, owner)


@pytest.mark.parametrize(
    ("command", "entry"),
    [
        ("python -m doctrove.api", "doctrove.api"),
        ("python -u -m doctrove.api --x", "doctrove.api"),
        ("python serve.py --port 1", "serve.py"),
        ("uvicorn doctrove.api:app --port {port}", "doctrove.api"),
        ("gunicorn -b 127.0.0.1:80 shop.web:app", "shop.web"),
        ("python -c 'print(1)'", None),
        ("sleep 600", None),
    ],
)
def test_the_entry_of_a_command_is_found(command, entry):
    assert entry_of(command) == entry


@pytest.fixture
def package(tmp_path):
    files = {
        "shop/__init__.py": "",
        "shop/api.py": "from shop import prices\nfrom .common import say\n",
        "shop/prices.py": "def total():\n    import shop.taxes\n",
        "shop/taxes.py": "",
        "shop/common.py": "import json\n",
        "shop/sorter/__init__.py": "from ..common import say\n",
        "shop/sorter/__main__.py": "from . import rules\n",
        "shop/sorter/rules.py": "",
        "shop/unused.py": "",
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    return tmp_path


def test_the_files_of_a_process_are_those_that_it_imports_in_the_end(package):
    code = Code([package])

    def names(command: str) -> set[str]:
        files = code.files_of(command, package)
        assert files is not None
        return {str(file.relative_to(package.resolve() / "shop")) for file in files}

    assert names("uvicorn shop.api:app") == {"__init__.py", "api.py", "prices.py", "taxes.py", "common.py"}
    assert names("python -m shop.sorter") == {
        "__init__.py",
        "common.py",
        "sorter/__init__.py",
        "sorter/__main__.py",
        "sorter/rules.py",
    }
    assert code.files_of("sleep 600", package) is None


def test_a_change_touches_those_that_run_it(package):
    system = System("shop", title="A shop", region="eastus2")
    system.service("api", "uvicorn shop.api:app", port=5001, health="/health")
    system.worker("sorter", "python -m shop.sorter")
    system.worker("shell", "sleep 600")
    processes = {part.name: part for part in system.plan().of(Process)}  # type: ignore[type-abstract]

    def touched(*names: str) -> list[str]:
        return affected({(package / name).resolve() for name in names}, Code([package]), processes, package)

    assert touched("shop/taxes.py") == ["api", "shell"]
    assert touched("shop/sorter/rules.py") == ["sorter", "shell"]
    assert touched("shop/common.py") == ["api", "sorter", "shell"]
    assert touched("system.py") == []


def test_only_folders_of_source_are_watched(package):
    for made in ("web/node_modules/deep", ".venv/lib", "shop/__pycache__", "docs"):
        (package / made).mkdir(parents=True)
        (package / made / "x.py").write_text("") if made != "docs" else None

    assert source_folders([package]) == [package / "shop", package / "shop" / "sorter"]


def test_code_that_cannot_be_read_is_named_with_its_line(package):
    (package / "shop/api.py").write_text("x = 1\ndef (:\n")

    told = unreadable([package / "shop/api.py", package / "shop/gone.py"])

    assert told is not None
    assert "shop/api.py:2:" in told
    assert unreadable([package / "shop/prices.py", package / "shop/gone.py"]) is None
