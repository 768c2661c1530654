"""PAPR: a memory for agents, in the three shapes of its plan. The first is one machine for everything."""

from seatrial import System, chart, cpu, memory, metric, recovery, unit_cost

papr = System("papr", title="A memory for agents", region="eastus2")

memories = papr.postgres(
    "memories",
    cores=2,
    memory="4 GiB",
    storage="64 GiB",
    extensions=["vector"],
    backup_days=14,
    geo_backup=True,
    migrate="python -m papr.store migrate",
)
history = papr.postgres(  # Temporal opens up to 120 connections: one core takes 35, two take 414
    "history", cores=2, memory="4 GiB", storage="32 GiB", backup_days=7, sign_in="password"
)
documents = papr.blobs("documents", cool_after="30 days", archive_after="180 days", copies="regions")
openai = papr.model_api("openai", model="text-embedding-3-small", needed=False, tokens_per_minute=120_000)

engine = papr.temporal("temporal", history=history, cpu=2, memory="4 GiB", host="container instances")
everything = papr.app_service_plan("everything", size="P1v3")

web = papr.service(
    "web",
    "python -m papr.web",
    port=5001,
    health="/health",
    cpu=0.75,
    memory="3.5 GiB",
    replicas=(1, 1),
    uses=[memories, documents, engine, openai],
    public=True,
    host=everything,
)
memory_worker = papr.service(
    "memory-worker",
    "python -m papr.memory_worker",
    port=5002,
    health="/health",
    cpu=0.5,
    memory="1.5 GiB",
    replicas=(1, 1),
    uses=[memories, engine, openai],
    host=everything,
)
document_worker = papr.service(
    "document-worker",
    "python -m papr.document_worker",
    port=5003,
    health="/health",
    cpu=0.75,
    memory="2.5 GiB",
    replicas=(1, 1),
    uses=[memories, documents, engine, openai],
    host=everything,
    start_within="2 min",
)

images = papr.registry("images", tier="premium")
logs = papr.logs("logs", keeps="30 days", daily_cap="1 GiB")

team = papr.contact("team")
web_down = papr.alert(
    "web-errors", metric(web, "errors"), above=5, severity="high", tell=[team], title="The API fails"
)
web_slow = papr.alert("web-slow", metric(web, "response time"), above="2 s", within="15 min", tell=[team])
memory_full = papr.alert("machine-full", metric(everything, "memory"), above=90, within="15 min", tell=[team])
papr.alert("store-busy", metric(memories, "cpu"), above=80, within="15 min", tell=[team])
papr.alert("store-full", metric(memories, "storage used"), above=85, severity="high", tell=[team])
papr.alert("history-full", metric(history, "storage used"), above=85, severity="high", tell=[team])
papr.dashboard(
    "health",
    title="PAPR: health",
    charts=[
        chart("Requests", metric(web, "requests"), kind="area"),
        chart("Response time", metric(web, "response time")),
        chart("Stores", metric(memories, "cpu"), metric(history, "cpu")),
        chart("Connections", metric(memories, "connections"), metric(history, "connections")),
    ],
)

papr.expects(web.get("/health"), p95="200 ms", at="10/s")
papr.expects(recovery(memories, loses_at_most="15 min", back_within="4 h"))
papr.expects(unit_cost("operations", "$0.05"))
papr.usage(  # a memory: its text, a vector of 1,536 halves, relations and indexes
    record_size=("6 KiB", "10 KiB", "20 KiB"),
    new_records=("200/month", "500/month", "1,000/month"),
    answer_size=("1 KiB", "4 KiB", "16 KiB"),
)
papr.usage(web, request_time=("40 ms", "80 ms", "300 ms"), request_cpu=("10 ms", "30 ms", "80 ms"))
papr.usage(memory_worker, item_time=("200 ms", "500 ms", "2 s"))
papr.usage(document_worker, item_time=("5 s", "20 s", "2 min"))
papr.usage(documents, stored=("500 MiB", "2 GiB", "10 GiB"))
papr.budget("$140/month", records=1_000, requests="10k/month", tell=[team])

# -- what is known and lived with -----------------------------------------------------------------------

papr.accepts(
    "budget-exceeded",
    because="The budgets are the plan's, which prices machines and a container and neither the store of the"
    " memories nor registry, endpoints and logs. They stay as the plan says them, so that everybody sees the"
    " gap.",
    until="2027-06-30",
)
papr.accepts(
    "claims-do-not-add-up",
    because="The plan on paper contradicts itself, and is quoted as it stands: what is agreed to is the"
    " bill.",
)
papr.accepts(
    "one-replica-for-rate",
    web,
    because="The first two shapes are of single machines by design, for 10,000 and 100,000 operations a"
    " month, one in 26 s; who needs more than one machine takes the shape `cluster`.",
)
papr.accepts(
    "geo-restore-loses-an-hour",
    memories,
    because="15 minutes are promised of a server that is lost. With the whole region, of which nobody has"
    " promised that, up to an hour is; a replica elsewhere costs as much as the server.",
)
papr.accepts(
    "public-without-edge",
    web,
    because="Agents call it with keys of their own, and limits are kept for each key by the application. A"
    " Front Door in front of it is $35 a month, to be decided with the first customers.",
    until="2027-06-30",
)
papr.accepts(
    "container-group-way-out",
    engine,
    because="Temporal asks nobody but its database, which stands in the same network, and its images are in"
    " the system's own registry: a NAT gateway would carry nothing, for $36 a month.",
)
papr.accepts(
    "laptop-lacks",
    engine,
    because="The application comes later, and brings a Temporal for a laptop with it.",
    until="2027-06-30",
)

split = papr.variant("split", title="Web and workers apart")
workers = split.app_service_plan("workers", size="P2v3")
split.change(web, memory="6 GiB", cpu=2)
split.change(memory_worker, host=workers, memory="3 GiB", cpu=1)
split.change(document_worker, host=workers, memory="4 GiB", cpu=2)
split.change(memories, memory="8 GiB")
split.alert("workers-full", metric(workers, "memory"), above=90, within="15 min", tell=[team])
split.budget("$370/month", records=10_000, requests="100k/month", tell=[team])

cluster = papr.variant("cluster", title="A cluster that follows the load")
machines = cluster.node_pool("machines", machine="Standard_D4s_v5", nodes=(2, 6))
cluster.without(everything)
cluster.without(memory_full)
cluster.change(engine, host=machines)
cluster.change(web, host=machines, memory="2 GiB", cpu=0.5, replicas=(3, 10), scale=[cpu(70), memory(80)])
cluster.change(memory_worker, host=machines, memory="2 GiB", cpu=0.5, replicas=(2, 8), scale=[cpu(70)])
cluster.change(document_worker, host=machines, memory="4 GiB", cpu=1, replicas=(3, 12), scale=[cpu(70)])
cluster.change(memories, cores=4, memory="16 GiB", storage="256 GiB", standby="another zone")
cluster.change(history, memory="8 GiB", standby="another zone")
cluster.change(logs, daily_cap="4 GiB")
cluster.budget("$500/month", records=50_000, requests="1M/month", tell=[team])
