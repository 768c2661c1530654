"""DocTrove: a map of millions of documents, described once."""

from seatrial import System, backlog, chart, cpu, log, metric, recovery, requests, unit_cost

doctrove = System("doctrove", title="A map of millions of documents", region="eastus2")

papers = doctrove.postgres(
    "papers",
    cores=4,
    storage="128 GiB",
    extensions=["vector"],
    standby="another zone",
    backup_days=35,
    geo_backup=True,
    migrate="python -m doctrove.store migrate",
)
models = doctrove.blobs("models", cool_after="30 days", archive_after="90 days", copies="regions")
backups = doctrove.blobs("backups", cool_after="30 days", archive_after="90 days", copies="regions")
assets = doctrove.blobs("assets", copies="regions")
temp = doctrove.blobs("temp", delete_after="7 days", copies="regions")
openai = doctrove.model_api("openai", model="text-embedding-3-small", needed=False, tokens_per_minute=350_000)

api = doctrove.service(
    "api",
    "python -m doctrove.api",
    port=5001,
    health="/api/health",
    cpu=1,
    memory="2 GiB",
    replicas=(1, 10),
    scale=[requests(50), cpu(70)],
    uses=[openai],
    reads=[papers, models],
)
docscope = doctrove.service(
    "docscope",
    "python -m doctrove.docscope",
    port=8050,
    health="/health",
    cpu=0.5,
    memory="1 GiB",
    replicas=(1, 5),
    scale=[requests(50)],
    uses=[api],
    public=True,
)
enrichment = doctrove.worker(
    "enrichment",
    "python -m doctrove.enrichment",
    cpu=2,
    memory="4 GiB",
    replicas=(0, 3),
    scale=[
        backlog(papers, "select count(*) from enrichment where embedded_by is null", per_replica=500),
        cpu(70),
    ],
    uses=[papers, models, openai],
)
ingest = doctrove.job(
    "ingest",
    "python -m doctrove.ingest",
    title="Read documents into the store: python-docs, arxiv, openalex, csv or parquet",
    runs="once",
    cpu=1,
    memory="2 GiB",
    time_limit="12 hours",
    uses=[papers, temp],
)

entrance = doctrove.front_door(
    "entrance",
    routes={"/*": docscope},
    tier="standard",
    limit="1000/min",
    cache="10 min",
)
images = doctrove.registry("images", copies_in=["centralus"])
logs = doctrove.logs("logs", keeps="30 days", daily_cap="2 GiB")

team = doctrove.contact("team")
doctrove.alert(
    "api-errors",
    metric(api, "errors"),
    above=10,
    severity="high",
    tell=[team],
    title="The API answers with errors",
)
doctrove.alert(
    "api-slow", metric(api, "response time"), above="1 s", within="15 min", tell=[team], title="Slow answers"
)
doctrove.alert(
    "api-down", metric(api, "replicas"), below=1, severity="critical", tell=[team], title="No API replica"
)
doctrove.alert("database-busy", metric(papers, "cpu"), above=80, within="15 min", tell=[team])
doctrove.alert(
    "database-full",
    metric(papers, "storage used"),
    above=85,
    severity="high",
    tell=[team],
    title="At 95 % full the database takes no more writes",
)
doctrove.alert(
    "enrichment-fails",
    log("AppExceptions | where AppRoleName == 'enrichment'"),
    above=20,
    within="1 h",
    tell=[team],
    title="Documents fail to be embedded or placed",
)
doctrove.dashboard(
    "health",
    title="DocTrove: health",
    charts=[
        chart("Requests", metric(api, "requests"), metric(docscope, "requests"), kind="area"),
        chart("Response time", metric(api, "response time"), metric(docscope, "response time")),
        chart("Database", metric(papers, "cpu"), metric(papers, "storage used")),
        chart("Replicas", metric(api, "replicas"), metric(enrichment, "replicas"), kind="bar"),
    ],
)

doctrove.expects(api.get("/api/search?q=graph+neural+networks"), p95="100 ms", at="20/s")
doctrove.expects(recovery(papers, loses_at_most="1 h", back_within="4 h"))
doctrove.expects(unit_cost("searches", "$0.50", per=1000))
doctrove.usage(  # a paper: title, abstract, authors, a vector of 384 halves, and the indexes over them
    record_size=("5 KiB", "7 KiB", "12 KiB"),
    new_records=("5k/month", "20k/month", "50k/month"),
    answer_size=("4 KiB", "20 KiB", "60 KiB"),
    busy=("8 h", "12 h", "24 h"),
)
doctrove.usage(api, request_time=("25 ms", "40 ms", "100 ms"), request_cpu=("10 ms", "20 ms", "60 ms"))
doctrove.usage(enrichment, item_time=("10 ms", "15 ms", "60 ms"))
doctrove.usage(models, stored=("200 MiB", "1 GiB", "3 GiB"))
doctrove.budget("$300/month", records=1_000_000, requests="2M/month", tell=[team])

# -- what is known and lived with -----------------------------------------------------------------------

doctrove.accepts(
    "budget-exceeded",
    because="The budgets are the plan's, rounded up. It prices the database at half of what four cores cost,"
    " without its standby, and the registry as the one that has no copies. They stay, so that everybody sees"
    " the gap.",
    until="2027-06-30",
)
doctrove.accepts(
    "claims-do-not-add-up",
    because="The plan on paper contradicts itself, and is quoted as it stands: what is agreed to is the"
    " bill.",
)
doctrove.accepts(
    "part-unused",
    backups,
    assets,
    because="The plan asks for the four containers. Dumps and pictures are put there by people, with rights"
    " of their own; empty, the two cost nothing.",
)

ten_million = doctrove.variant("10m", title="Ten million documents")
ten_million.change(papers, cores=8, storage="1 TiB")
ten_million.change(api, replicas=(2, 10))
ten_million.change(logs, daily_cap="8 GiB")
ten_million.accepts(
    "log-volume",
    logs,
    because="Four requests a second leave 65 GB a month, most of it traces. They are cut to a sample"
    " when it is measured which of them anybody asks for; until then the cap bounds a day at $24.",
    until="2027-06-30",
)
ten_million.budget("$800/month", records=10_000_000, requests="10M/month", tell=[team])
