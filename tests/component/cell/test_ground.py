"""What a cell writes before anything starts: secrets, ports, configuration, environments."""

import base64
import hashlib
import json
import socket
import stat
from configparser import RawConfigParser
from pathlib import Path

import pytest

from cell import broker, database
from cell.broker import Broker, hashed, libraries, script
from cell.credentials import credentials_of
from cell.errors import CellError
from cell.home import Home
from cell.keys import keys_of
from cell.plan import HEARERS, Choices, Plan, plan_cell
from cell.ports import answers, is_free, ports_of
from cell.programs import SPLIT, declare_command, programs, service_modules
from cell.region import load_region
from cell.steps import Steps
from cell.supervision import Supervisor


@pytest.fixture
def home(tmp_path: Path) -> Home:
    home = Home(tmp_path / "cell")
    home.prepare()
    return home


@pytest.fixture
def plan(tmp_path: Path) -> Plan:
    return plan_cell(tmp_path / "cell", Choices())


def private(path: Path) -> bool:
    return not path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO)


def test_every_profile_can_be_read():
    assert [area.id for area in load_region("semarang").areas] == ["33.22", "33.74"]
    kediri = load_region("kediri-raya")
    assert (kediri.name, kediri.timezone, len(kediri.areas)) == ("Kediri Raya", "Asia/Jakarta", 7)
    assert all(area.codes == (area.id,) for area in kediri.areas)


def test_an_unknown_region_is_refused_with_the_known_ones():
    with pytest.raises(CellError, match="kediri-raya, semarang"):
        load_region("../secrets")


def test_secrets_are_made_once_and_private(home: Home):
    first = keys_of(home)

    assert keys_of(home) == first
    assert private(home.directory / "secrets.json")
    assert private(home.directory)


def test_damaged_secrets_are_not_replaced(home: Home):
    (home.directory / "secrets.json").write_text("{")

    with pytest.raises(CellError, match=r"secrets\.json is damaged"):
        keys_of(home)


def test_lost_secrets_are_not_made_anew_beside_the_data_that_they_open(home: Home):
    keys_of(home)
    (home.database / "data").mkdir()
    (home.database / "data" / "WiredTiger").touch()
    (home.directory / "secrets.json").unlink()

    with pytest.raises(CellError, match=r"secrets\.json is missing.*put it back"):
        keys_of(home)


def test_secrets_of_another_version_are_not_replaced(home: Home):
    home.write_json("secrets.json", {"unheard_of": "x"})

    with pytest.raises(CellError, match="another version"):
        keys_of(home)


def test_credentials_name_every_area_and_are_kept(home: Home):
    region = load_region("kediri-raya")

    made = credentials_of(home, region)

    assert credentials_of(home, region) == made
    assert set(made) == {"coordinator", "operator", "area_coordinators"}
    assert set(made["area_coordinators"]) == {area.id for area in region.areas}
    assert made["coordinator"]["username"] == "koordinator@kediri-raya.jejaring.localhost"
    assert private(home.credentials)
    assert json.loads(home.sign_in.read_text())["grant_type"] == "password"


def test_lost_credentials_are_not_made_anew_for_a_cell_that_knows_others(home: Home):
    home.write_json("cell.json", {"region": "kediri-raya"})

    with pytest.raises(CellError, match=r"credentials\.json is missing.*put it back"):
        credentials_of(home, load_region("kediri-raya"))
    assert not home.credentials.exists()
    assert not home.sign_in.exists()


def test_the_first_start_writes_the_accounts_before_it_counts_as_a_cell(plan: Plan, monkeypatch):
    monkeypatch.setattr("cell.broker.Broker.write_files", lambda _: None)
    supervisor = Supervisor(plan.home)
    monkeypatch.setattr(supervisor, "launch", lambda _: None)

    Steps(plan, supervisor).launch()
    first = credentials_of(plan.home, plan.region)
    Steps(plan, supervisor).launch()

    assert credentials_of(plan.home, plan.region) == first


def test_a_cell_that_lost_its_credentials_serves_and_says_so_and_writes_none(plan: Plan):
    said: list[str] = []
    plan.home.write_json("cell.json", {"region": "kediri-raya"})

    with Steps(plan, Supervisor(plan.home), said.append)._founding():
        pass

    assert len(said) == 1
    assert "credentials.json is missing" in said[0]
    assert not plan.home.credentials.exists()


def test_a_new_area_gets_an_account_and_the_others_keep_theirs(home: Home):
    made = credentials_of(home, load_region("kediri-raya"))
    lost = made["area_coordinators"].pop("35.71")
    home.write_json("credentials.json", made)

    again = credentials_of(home, load_region("kediri-raya"))

    assert again["area_coordinators"]["35.71"]["password"] != lost["password"]
    assert again["area_coordinators"]["35.72"] == made["area_coordinators"]["35.72"]


def test_ports_are_remembered(home: Home):
    assert ports_of(home, None, running=False) == ports_of(home, None, running=False)


def test_a_remembered_port_that_a_stranger_took_is_picked_anew(home: Home):
    first = ports_of(home, None, running=False)
    with socket.create_server(("127.0.0.1", first.amqp)):
        second = ports_of(home, None, running=False)

        assert ports_of(home, None, running=True) == second
    assert second.amqp != first.amqp
    assert second.mongod == first.mongod


def test_a_busy_http_port_is_refused_and_another_proposed(home: Home):
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]

        assert answers(port)
        assert not is_free(port)
        with pytest.raises(CellError, match=f"port {port} is busy; choose another: HTTP_PORT="):
            ports_of(home, port, running=False)
        assert ports_of(home, port, running=True).http == port
        with pytest.raises(CellError, match=f"it runs already, with HTTP_PORT={port}"):
            ports_of(home, port + 1, running=True)
    assert ports_of(home, None, running=True).http == port
    assert not answers(port)


def test_a_port_that_this_user_may_not_open_is_not_called_busy(home: Home, monkeypatch):
    def refuse(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("socket.socket.bind", refuse)

    with pytest.raises(CellError, match=r"may not listen on port 80; choose one above 1023"):
        ports_of(home, 80, running=False)


def test_only_one_start_at_a_time(home: Home):
    with home.locked(), pytest.raises(CellError, match="another start or stop"), home.locked():
        pass


def test_a_full_disk_is_said_before_anything_starts_and_what_runs_is_not_kept_from_its_operator(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("cell.home.LEAST_FREE_MEGABYTES", 10**12)

    with pytest.raises(CellError, match="MB left; a cell needs"):
        plan_cell(tmp_path / "cell", Choices())
    assert plan_cell(tmp_path / "cell", Choices(), running=True).ports.http


@pytest.mark.parametrize("uri", ["amqp://h:notaport/", "amqp://127.0.0.1:1/"])
def test_a_broker_s_address_that_is_none_lets_nobody_in(uri: str):
    assert not broker.is_ready(uri)


def test_a_database_s_address_that_is_none_lets_nobody_in():
    assert not database.is_ready("mongodb://u:p@ss@127.0.0.1:1/?replicaSet=x")


def test_a_directory_that_rabbitmq_cannot_take_is_refused(tmp_path: Path):
    with pytest.raises(CellError, match="RabbitMQ cannot live under"):
        Home(tmp_path / "my cell").prepare()


def test_a_long_directory_has_its_socket_elsewhere(tmp_path: Path, monkeypatch):
    monkeypatch.setenv("XDG_RUNTIME_DIR", "/run/user/7")

    assert Home(Path("/a")).socket == Path("/a/supervisor.sock")
    assert str(Home(Path("/" + "a" * 200)).socket).startswith("/run/user/7/jejaring-")


def test_a_directory_holds_one_region(plan: Plan):
    plan.home.write_json("cell.json", {"region": "semarang"})

    with pytest.raises(CellError, match=r"holds region semarang; choose another: CELL_DIR="):
        plan_cell(plan.home.directory, Choices())


def test_a_password_is_hashed_as_rabbitmq_does():
    salt, digest = base64.b64decode(hashed("geheim", "01020304"))[:4], hashlib.sha256

    assert base64.b64decode(hashed("geheim", "01020304"))[4:] == digest(salt + b"geheim").digest()
    assert salt == b"\x01\x02\x03\x04"


def test_the_broker_is_private(plan: Plan, monkeypatch, tmp_path: Path):
    server = tmp_path / "rabbitmq" / "sbin" / "rabbitmq-server"
    (server.parent.parent / "plugins").mkdir(parents=True)
    server.parent.mkdir()
    server.touch()
    monkeypatch.setattr("cell.broker.SCRIPTS", server.parent)

    plan.broker.write_files()

    base = plan.home.broker
    definitions = json.loads((base / "definitions.json").read_text())
    assert [user["name"] for user in definitions["users"]] == ["jejaring"]
    assert "listeners.tcp.1 = 127.0.0.1:" in (base / "rabbitmq.conf").read_text()
    assert "{127,0,0,1}" in (base / "arguments").read_text().split()
    assert plan.broker.environment["RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS"].endswith("/arguments")
    assert all(private(path) for path in base.iterdir() if path.is_file())


def test_two_cells_have_two_node_names(tmp_path: Path):
    names = {
        Broker(plan.home, keys_of(plan.home), plan.ports).environment["RABBITMQ_NODENAME"]
        for plan in (plan_cell(tmp_path / name, Choices()) for name in "ab")
    }

    assert len(names) == 2


def test_a_missing_broker_says_what_to_install():
    with pytest.raises(CellError, match=r"apt-get install rabbitmq-server.*AMQP_URI"):
        script("rabbitmq-nothing", {})


def test_a_named_server_that_is_not_there_is_not_to_be_installed():
    with pytest.raises(CellError, match=r"RABBITMQ_SERVER=/nowhere/x: there is no /nowhere/rabbit"):
        script("rabbitmq-server", {"RABBITMQ_SERVER": "/nowhere/x"})


def test_the_distribution_s_wrapper_stands_for_the_script_it_wraps(tmp_path: Path):
    own, wrappers = tmp_path / "lib" / "bin", tmp_path / "sbin"
    for folder in (own, wrappers):
        folder.mkdir(parents=True)
    for name in ("rabbitmq-script-wrapper", "rabbitmq-server", "rabbitmqctl"):
        (own / name).touch()
    (wrappers / "rabbitmq-server").symlink_to(own / "rabbitmq-script-wrapper")
    environ = {"RABBITMQ_SERVER": str(wrappers / "rabbitmq-server")}

    assert script("rabbitmq-server", environ) == own / "rabbitmq-server"
    assert script("rabbitmqctl", environ) == own / "rabbitmqctl"


def test_a_script_that_is_not_rabbitmq_s_own_is_refused(tmp_path: Path, monkeypatch):
    (tmp_path / "rabbitmq-server").touch()
    monkeypatch.setenv("RABBITMQ_SERVER", str(tmp_path / "rabbitmq-server"))

    with pytest.raises(CellError, match=r"is not RabbitMQ's own script.*/usr/lib/rabbitmq/bin"):
        libraries()


def test_the_database_is_private(plan: Plan):
    plan.database.write_files()

    base = plan.home.database
    text = (base / "mongod.conf").read_text()
    assert "bindIp: 127.0.0.1" in text
    assert "transactionLifetimeLimitSeconds: 3" in text
    assert "authorization: enabled" in text
    assert private(base / "key")


def test_each_process_has_its_own_database_account(plan: Plan):
    users = {
        process: plan.environment(process)["MONGO_URI"].split("//")[1].split(":")[0]
        for process in ("services", "members", "projector", "gateway")
    }

    assert users == {
        "services": "services",
        "members": "members",
        "projector": "gateway",
        "gateway": "gateway",
    }


def test_existing_servers_are_used_instead_of_own_ones(tmp_path: Path):
    uris = {"amqp_uri": "amqp://a:b@broker/%2F", "mongo_uri": "mongodb://db/?replicaSet=rs"}

    plan = plan_cell(tmp_path / "cell", Choices(**uris))

    assert [program.name for program in programs(plan)] == ["mail", "services", "gateway"]
    environment = plan.environment("members")
    assert environment["AMQP_URI"] == uris["amqp_uri"]
    assert environment["MONGO_URI"] == uris["mongo_uri"]


def test_split_runs_one_process_per_module(tmp_path: Path):
    plan = plan_cell(tmp_path / "cell", Choices(split=True))

    names = list(service_modules(plan))
    assert names == ["members", "events", "mentoring", "notifications", "federation", "projector"]
    ports = {plan.health_port(name) for name in (*names, "gateway")}
    assert len(ports) == len(names) + 1
    services = ["services.members.service", "services.events.service"]
    services += ["services.mentoring.service", "services.notifications.service"]
    services += ["services.federation.service"]
    assert declare_command()[-6:] == [*services, "gateway.projector"]


def test_a_cell_that_runs_split_goes_on_so_and_another_is_not_split_meanwhile(plan: Plan):
    home = plan.home
    home.write_json("cell.json", {"region": "kediri-raya", "split": True})
    assert plan_cell(home.directory, Choices(), running=True).choices.split
    assert not plan_cell(home.directory, Choices()).choices.split

    home.write_json("cell.json", {"region": "kediri-raya", "split": False})
    with pytest.raises(CellError, match="its services in one process; to split them: make down"):
        plan_cell(home.directory, Choices(split=True), running=True)


def test_settings_of_the_caller_win(tmp_path: Path):
    plan = plan_cell(tmp_path / "cell", Choices(settings={"LOG_LEVEL": "DEBUG"}))

    assert plan.environment("gateway")["LOG_LEVEL"] == "DEBUG"


def test_the_supervisor_reads_back_what_was_meant(plan: Plan, monkeypatch):
    monkeypatch.setattr("cell.broker.script", Path)
    monkeypatch.setattr("cell.database.mongod", lambda: "mongod")

    Supervisor(plan.home)._write(programs(plan))

    written = RawConfigParser()
    written.read(plan.home.directory / "supervisord.conf")
    assert written["program:gateway"]["autostart"] == "false"
    assert "/%%2F" in written["program:gateway"]["environment"]
    order = [int(written[f"program:{p.name}"]["priority"]) for p in programs(plan)]
    assert order == sorted(order)
    assert private(plan.home.directory / "supervisord.conf")


def test_a_setting_that_would_break_the_configuration_is_refused(tmp_path: Path):
    plan = plan_cell(tmp_path / "cell", Choices(settings={"LOG_LEVEL": 'a"b'}))

    with pytest.raises(CellError, match="quotation marks"):
        Supervisor(plan.home)._write([programs(plan)[-1]])


def test_every_program_that_hears_is_watched_by_the_others() -> None:
    assert set(HEARERS) == set(SPLIT)
