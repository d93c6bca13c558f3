"""Ways to break a rendered cell, each with the policy that must complain."""

from collections.abc import Callable

from tests.deploy.manifests import Cell, Object

Break = Callable[[Cell], None]
MUTATIONS: list[tuple[str, Break]] = []


def breaks(policy: str, among: list[tuple[str, Break]] = MUTATIONS) -> Callable[[Break], Break]:
    """Register a mutation."""

    def note(change: Break) -> Break:
        among.append((policy, change))
        return change

    return note


def pod(cell: Cell, name: str = "events") -> Object:
    return cell.one("Deployment", name)["spec"]["template"]


def main(cell: Cell, name: str = "events") -> Object:
    return pod(cell, name)["spec"]["containers"][0]


def without(cell: Cell, kind: str, name: str) -> None:
    cell.objects.remove(cell.one(kind, name))


@breaks("selectors_find_pods")
def a_selector_with_a_typing_error(cell: Cell) -> None:
    cell.one("Deployment", "events")["spec"]["selector"]["matchLabels"] = {"app": "event"}


@breaks("selectors_find_pods")
def a_service_that_selects_nobody(cell: Cell) -> None:
    cell.one("Service", "gateway")["spec"]["selector"] = {"app": "gateway"}


@breaks("selectors_find_pods")
def a_network_policy_for_nobody(cell: Cell) -> None:
    spec = cell.one("NetworkPolicy", "asks-store")["spec"]
    spec["podSelector"] = {"matchLabels": {"jejaring/asks-stores": "true"}}


@breaks("quantities_can_be_read")
def memory_in_a_unit_that_is_none(cell: Cell) -> None:
    main(cell)["resources"]["limits"]["memory"] = "1Mix"


@breaks("quantities_can_be_read")
def a_volume_of_no_size(cell: Cell) -> None:
    cell.one("RabbitmqCluster", "broker")["spec"]["persistence"]["storage"] = "ten"


@breaks("references_lead_somewhere")
def a_secret_that_nobody_makes(cell: Cell) -> None:
    without(cell, "ExternalSecret", "mail")


@breaks("references_lead_somewhere")
def a_service_account_that_is_not_there(cell: Cell) -> None:
    pod(cell)["spec"]["serviceAccountName"] = "event"


@breaks("references_lead_somewhere")
def a_key_that_the_operator_never_makes(cell: Cell) -> None:
    main(cell)["env"][2]["valueFrom"]["secretKeyRef"]["key"] = "uri"


@breaks("references_lead_somewhere")
def a_policy_for_an_upstream_that_is_not_there(cell: Cell) -> None:
    definition = cell.all("Policy")[0]["spec"]["definition"]
    definition["federation-upstream"] = "elsewhere"


@breaks("references_lead_somewhere")
def a_port_that_nobody_has(cell: Cell) -> None:
    cell.one("Service", "gateway")["spec"]["ports"][0]["targetPort"] = "web"


@breaks("nothing_secret_is_written_down")
def a_secret_in_the_repository(cell: Cell) -> None:
    cell.objects.append({"kind": "Secret", "metadata": {"name": "mail"}, "stringData": {}})


@breaks("nothing_secret_is_written_down")
def a_password_in_an_address(cell: Cell) -> None:
    main(cell)["env"][1]["value"] = "amqp://events:hunter2@broker:5672/jejaring"


@breaks("nothing_secret_is_written_down")
def a_token_among_the_settings(cell: Cell) -> None:
    cell.settings["TELEGRAM_TOKEN"] = "123:abc"


@breaks("everything_lives_in_the_cell")
def an_object_of_another_namespace(cell: Cell) -> None:
    cell.one("Service", "gateway")["metadata"]["namespace"] = "default"


@breaks("everything_lives_in_the_cell")
def an_object_that_says_another_region(cell: Cell) -> None:
    labels = cell.one("Service", "gateway")["metadata"]["labels"]
    labels["app.kubernetes.io/instance"] = "elsewhere"


@breaks("everything_lives_in_the_cell")
def a_secret_of_another_region(cell: Cell) -> None:
    extract = cell.one("ExternalSecret", "mail")["spec"]["dataFrom"][0]["extract"]
    extract["key"] = "jejaring/unset/mail"


@breaks("no_fact_is_dropped")
def a_limit_that_drops_facts(cell: Cell) -> None:
    spec = {"applyTo": "queues", "pattern": ".*", "definition": {"max-length": 1000}}
    cell.objects.append({"kind": "Policy", "metadata": {"name": "bounded"}, "spec": spec})


@breaks("operators_may_read_what_they_need")
def a_secret_without_its_label(cell: Cell) -> None:
    del cell.one("ExternalSecret", "broker-events")["spec"]["target"]["template"]


@breaks("containers_are_locked")
def a_container_that_may_write(cell: Cell) -> None:
    main(cell)["securityContext"]["readOnlyRootFilesystem"] = False


@breaks("containers_are_locked")
def a_gate_with_capabilities(cell: Cell) -> None:
    del pod(cell)["spec"]["initContainers"][0]["securityContext"]["capabilities"]


@breaks("containers_are_locked")
def a_pod_of_root(cell: Cell) -> None:
    pod(cell)["spec"]["securityContext"]["runAsUser"] = 0


@breaks("containers_are_locked")
def a_pod_with_a_token(cell: Cell) -> None:
    del pod(cell)["spec"]["automountServiceAccountToken"]


@breaks("memory_is_bounded_and_cpu_is_not")
def a_cpu_limit(cell: Cell) -> None:
    main(cell)["resources"]["limits"]["cpu"] = "1"


@breaks("memory_is_bounded_and_cpu_is_not")
def no_memory_limit(cell: Cell) -> None:
    del main(cell)["resources"]["limits"]


@breaks("probes_ask_the_right_thing")
def a_liveness_that_depends_on_the_broker(cell: Cell) -> None:
    main(cell)["livenessProbe"]["httpGet"]["path"] = "/readyz"


@breaks("probes_ask_the_right_thing")
def a_probe_on_a_port_that_is_not_there(cell: Cell) -> None:
    main(cell)["startupProbe"]["httpGet"]["port"] = "http"


@breaks("probes_ask_the_right_thing")
def a_readiness_that_asks_nothing(cell: Cell) -> None:
    main(cell, "gateway")["readinessProbe"]["httpGet"]["path"] = "/healthz"


@breaks("ends_are_given_time")
def the_usual_grace(cell: Cell) -> None:
    del pod(cell)["spec"]["terminationGracePeriodSeconds"]


@breaks("ends_are_given_time")
def a_drain_longer_than_the_grace(cell: Cell) -> None:
    cell.settings["DRAIN_SECONDS"] = "90"


@breaks("ends_are_given_time")
def a_gateway_stopped_at_once(cell: Cell) -> None:
    del main(cell, "gateway")["lifecycle"]


@breaks("images_are_pinned")
def the_latest_image(cell: Cell) -> None:
    main(cell)["image"] = "registry.jejaring.example/service:latest"


@breaks("images_are_pinned")
def an_image_of_a_stranger(cell: Cell) -> None:
    main(cell)["image"] = f"busybox:{cell.settings['RELEASE']}"


@breaks("images_are_pinned")
def a_broker_of_any_version(cell: Cell) -> None:
    cell.one("RabbitmqCluster", "broker")["spec"]["image"] = "rabbitmq:4-management"


@breaks("pods_are_spread")
def pods_on_one_node(cell: Cell) -> None:
    del pod(cell)["spec"]["topologySpreadConstraints"]


@breaks("pods_are_spread")
def brokers_on_one_node(cell: Cell) -> None:
    del cell.one("RabbitmqCluster", "broker")["spec"]["affinity"]


@breaks("replicas_have_a_budget")
def a_service_without_budget(cell: Cell) -> None:
    without(cell, "PodDisruptionBudget", "projector")


@breaks("replicas_have_a_budget")
def a_store_without_budget(cell: Cell) -> None:
    without(cell, "PodDisruptionBudget", "store")


@breaks("one_hand_scales")
def a_fixed_number_beside_an_autoscaler(cell: Cell) -> None:
    cell.one("Deployment", "gateway")["spec"]["replicas"] = 2


@breaks("one_hand_scales")
def two_autoscalers(cell: Cell) -> None:
    cell.one("ScaledObject", "events")["spec"]["scaleTargetRef"]["name"] = "gateway"


@breaks("one_hand_scales")
def scaled_to_nothing(cell: Cell) -> None:
    cell.one("ScaledObject", "events")["spec"]["minReplicaCount"] = 0


@breaks("scalers_watch_real_queues")
def a_queue_of_another_region(cell: Cell) -> None:
    trigger = cell.one("ScaledObject", "events")["spec"]["triggers"][0]
    trigger["metadata"]["queueName"] = "hear.elsewhere.events"


@breaks("every_service_runs")
def a_service_that_is_forgotten(cell: Cell) -> None:
    without(cell, "Deployment", "mentoring")


@breaks("every_service_runs")
def a_service_that_is_not_declared(cell: Cell) -> None:
    job = cell.one("Job", f"declare-{cell.settings['RELEASE']}")
    del job["spec"]["template"]["spec"]["initContainers"][0]


@breaks("every_service_runs")
def a_service_that_does_not_wait(cell: Cell) -> None:
    del pod(cell)["spec"]["initContainers"]


@breaks("settings_are_known")
def a_setting_that_nobody_reads(cell: Cell) -> None:
    cell.settings["DRAIN_SECOND"] = "20"


@breaks("settings_are_known")
def a_setting_that_cannot_be_read(cell: Cell) -> None:
    cell.settings["DRAIN_SECONDS"] = "long"


@breaks("settings_are_known")
def a_hearer_whom_nobody_watches(cell: Cell) -> None:
    cell.settings["HEARERS"] = "members,events"


@breaks("settings_are_known")
def a_job_of_another_region(cell: Cell) -> None:
    job = cell.one("Job", f"declare-{cell.settings['RELEASE']}")
    job["spec"]["template"]["spec"]["containers"][0]["env"][0]["value"] = "unset"


@breaks("accounts_open_what_is_theirs")
def a_service_that_may_not_declare(cell: Cell) -> None:
    cell.one("Permission", "events")["spec"]["permissions"]["configure"] = "^$"


@breaks("accounts_open_what_is_theirs")
def a_service_that_may_everything(cell: Cell) -> None:
    cell.one("Permission", "events")["spec"]["permissions"]["read"] = ".*"


@breaks("accounts_open_what_is_theirs")
def a_service_that_speaks_for_other_regions(cell: Cell) -> None:
    held = cell.one("Permission", "events")["spec"]["permissions"]
    held["write"] = held["write"].replace("jejaring\\.facts", "jejaring\\.(facts|abroad)")


@breaks("a_bucket_is_whole_and_the_gateway_s")
def a_bucket_among_the_settings_of_all(cell: Cell) -> None:
    cell.settings["S3_BUCKET"] = "foto"


@breaks("databases_are_the_code_s")
def an_account_that_reads_a_sibling_s(cell: Cell) -> None:
    user = cell.one("MongoDBCommunity", "store")["spec"]["users"][0]
    user["roles"].append({"name": "readWrite", "db": "jejaring_events"})


@breaks("who_must_talk_may")
def a_broker_that_lets_nobody_in(cell: Cell) -> None:
    without(cell, "NetworkPolicy", "broker-clients")


@breaks("who_must_talk_may")
def a_service_that_does_not_get_out(cell: Cell) -> None:
    without(cell, "NetworkPolicy", "asks-store")


@breaks("who_must_talk_may")
def nodes_that_do_not_meet(cell: Cell) -> None:
    spec = cell.one("NetworkPolicy", "broker-nodes")["spec"]
    spec["egress"][0]["ports"] = [{"port": 4369}]


@breaks("who_must_talk_may")
def no_names(cell: Cell) -> None:
    cell.one("NetworkPolicy", "default")["spec"]["egress"] = []


@breaks("who_must_talk_may")
def peers_that_do_not_get_in(cell: Cell) -> None:
    without(cell, "NetworkPolicy", "broker-peers")


@breaks("nobody_else_may")
def an_open_house(cell: Cell) -> None:
    cell.one("NetworkPolicy", "default")["spec"]["ingress"] = [{}]


@breaks("nobody_else_may")
def a_store_for_everybody_here(cell: Cell) -> None:
    cell.one("NetworkPolicy", "asks-store")["spec"]["podSelector"] = {}
    spec = cell.one("NetworkPolicy", "store-clients")["spec"]
    spec["ingress"][0]["from"] = [{"podSelector": {}}]


@breaks("nobody_else_may")
def a_gateway_that_calls_out(cell: Cell) -> None:
    pod(cell, "gateway")["metadata"]["labels"]["jejaring/sends"] = "true"
