from typing import Any

from seatrial import System, backlog, queue_length
from seatrial.azure import container_apps, container_jobs, identity, postgres, queue, scale, secret
from seatrial.azure.compile import graph
from seatrial.azure.graph import Graph, Resource
from seatrial.azure.stamp import Stamp
from seatrial.azure.values import Id, Parameter, Ref, expressions
from seatrial.model import Postgres, Queue

COUNT = "select count(*) from orders where done is null"


def here(made: Graph) -> Stamp:
    return Stamp(plan=made.plan, region="eastus2")


def mover(made: Graph) -> Any:
    return made.by_ref[container_apps.app("mover", here(made))].body["properties"]


def rule(made: Graph) -> Any:
    (only,) = mover(made)["template"]["scale"]["rules"]
    return only


def counted(**wanted: Any) -> Graph:
    system = System("kiosk", region="eastus2")
    papers = system.postgres("order-book", migrate="python -m kiosk.migrate", **wanted)
    system.worker(
        "mover",
        "python -m kiosk.mover",
        replicas=(0, 3),
        scale=[backlog(papers, COUNT, per_replica=500)],
        uses=[papers],
    )
    system.worker("other", "python -m kiosk.other", uses=[papers])
    return graph(system.plan())


def readers(made: Graph, kept: Ref) -> set[Ref]:
    """Whose identities may read a secret."""
    return {
        each.body["properties"]["principalId"].of
        for each in made.of("Microsoft.Authorization/roleAssignments")
        if each.scope == kept
    }


# -- messages -------------------------------------------------------------------------------------------


def test_messages_that_wait_are_counted_by_who_receives_them() -> None:
    system = System("kiosk", region="eastus2")
    orders = system.queue("orders")
    system.worker(
        "mover", "python -m kiosk.mover", replicas=(0, 9), scale=[queue_length(orders, 25)], receives=[orders]
    )
    made = graph(system.plan())

    assert rule(made) == {
        "name": "orders-length",
        "custom": {
            "type": "azure-servicebus",
            "metadata": {
                "queueName": "orders",
                "namespace": queue.namespace(here(made)).name,
                "messageCount": "25",
            },
            "identity": Id(of=identity.ref("mover", here(made))),
        },
    }


def test_of_a_topic_everybody_counts_its_own_messages() -> None:
    system = System("kiosk", region="eastus2")
    news = system.queue("news", topic=True)
    system.worker(
        "mover", "python -m kiosk.mover", replicas=(0, 9), scale=[queue_length(news)], receives=[news]
    )
    made = graph(system.plan())

    metadata = rule(made)["custom"]["metadata"]

    (topic,) = made.plan.of(Queue)
    assert metadata["topicName"] == "news"
    assert metadata["subscriptionName"] == queue.subscription(topic, "mover", here(made)).name
    assert "queueName" not in metadata


def test_two_rules_about_one_queue_have_two_names() -> None:
    system = System("kiosk", region="eastus2")
    orders = system.queue("orders")
    rules = [queue_length(orders, 25), queue_length(orders, 50)]
    system.worker("mover", "python -m kiosk.mover", replicas=(0, 9), scale=rules, receives=[orders])
    made = graph(system.plan())

    names = [each["name"] for each in mover(made)["template"]["scale"]["rules"]]

    assert names == ["orders-length", "orders-length-2"]


# -- rows -----------------------------------------------------------------------------------------------


def test_rows_that_wait_are_counted_by_a_role_that_can_do_nothing_else() -> None:
    made = counted()
    (book,) = made.plan.of(Postgres)

    assert rule(made) == {
        "name": "order-book-backlog",
        "custom": {
            "type": "postgresql",
            "metadata": {
                "host": postgres.host(book, here(made)),
                "port": "5432",
                "userName": "scaler",
                "dbName": "order_book",
                "sslmode": "require",
                "query": COUNT,
                "targetQueryValue": "500",
            },
            "auth": [{"secretRef": "order-book-scaler-password", "triggerParameter": "password"}],
        },
    }


def test_the_roles_password_is_read_by_who_counts_and_by_who_makes_the_role() -> None:
    made = counted()
    (book,) = made.plan.of(Postgres)

    who = readers(made, scale.role_password(book, here(made)))

    assert who == {identity.ref(name, here(made)) for name in ("mover", "order-book-migrate")}


def test_the_container_itself_does_not_see_the_roles_password() -> None:
    made = counted()

    (container,) = mover(made)["template"]["containers"]
    assert "secretRef" not in str(container["env"])
    (kept,) = mover(made)["configuration"]["secrets"]
    assert kept["name"] == "order-book-scaler-password"


def test_the_job_that_makes_the_role_is_given_its_password() -> None:
    made = counted()

    job = made.by_ref[container_jobs.job("order-book-migrate", here(made))]

    (container,) = job.body["properties"]["template"]["containers"]
    assert {
        "name": "ORDER_BOOK_SCALER_PASSWORD",
        "secretRef": "order-book-scaler-password",
    } in container["env"]


def test_where_users_sign_in_by_password_rows_are_counted_by_the_same() -> None:
    made = counted(sign_in="password")
    (book,) = made.plan.of(Postgres)

    assert rule(made)["custom"]["metadata"]["userName"] == postgres.LOGIN
    assert scale.role_password(book, here(made)) not in made.by_ref
    (kept,) = mover(made)["configuration"]["secrets"]
    assert kept["keyVaultUrl"] == secret.uri(secret.password(book, here(made)))
    assert rule(made)["custom"]["auth"] == [{"secretRef": kept["name"], "triggerParameter": "password"}]


def test_no_password_stands_anywhere_but_in_the_vault_and_in_the_server() -> None:
    made = counted()

    def secrets_in(resource: Resource) -> list[Parameter]:
        said = expressions(resource.body)
        return [each for each in said if isinstance(each, Parameter) and each.secret]

    types = {each.type for each in made.resources if secrets_in(each)}
    assert types == {"Microsoft.KeyVault/vaults/secrets", "Microsoft.DBforPostgreSQL/flexibleServers"}
