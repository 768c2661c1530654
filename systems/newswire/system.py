"""Newswire: news about AI and marketing, fetched every six hours, cleaned in stages, served."""

from seatrial import System, chart, cpu, log, metric, recovery, requests, unit_cost

newswire = System("newswire", title="AI and marketing news", region="eastus")

# -- the data tier --------------------------------------------------------------------------------------

news = newswire.postgres(
    "news",
    cores=2,
    memory="8 GiB",
    storage="128 GiB",
    standby="another zone",
    backup_days=7,
    geo_backup=True,
    network="subnet",
    sign_in="password",
    migrate="python -m newswire.store migrate",
)
archive = newswire.blobs("archive", cool_after="30 days", archive_after="90 days", copies="regions")
newsapi = newswire.secret("newsapi-api-key", rotate_after="90 days")
mailer = newswire.secret("newsapi-email-credentials", rotate_after="90 days")
slack = newswire.secret("slack-webhook", rotate_after="90 days")
pagerduty = newswire.secret("pagerduty-webhook", rotate_after="90 days")

# -- the application tier -------------------------------------------------------------------------------

stores = {"USE_POSTGRES": "true"}

webserver = newswire.service(
    "webserver",
    "python -m newswire.webserver",
    port=3000,
    health="/server_info",
    cpu=1,
    memory="2 GiB",
    replicas=(2, 4),
    scale=[cpu(70)],
    uses=[news],
    env=stores,
    sign_in=True,
    start_within="2 min",
)
daemon = newswire.worker(
    "daemon",
    "python -m newswire.daemon",
    cpu=2,
    memory="4 GiB",
    replicas=(1, 1),
    uses=[news, archive, newsapi, mailer, slack],
    env=stores,
)
front = newswire.service(
    "front",
    "python -m newswire.front",
    port=3001,
    health="/health",
    cpu=0.5,
    memory="1 GiB",
    replicas=(1, 3),
    scale=[requests(50)],
    uses=[news],
    env=stores,
    public=True,
)
export = newswire.schedule(
    "export",
    "python -m newswire.export",
    cron="0 3 * * 0",
    cpu=1,
    memory="2 GiB",
    retries=3,
    uses=[news, archive],
    env=stores,
)

# -- the public tier and the ground ---------------------------------------------------------------------

gateway = newswire.application_gateway(
    "gateway", routes={"/*": webserver, "/news/*": front}, waf="prevention", capacity=(1, 3)
)
net = newswire.network(
    "net",
    space="10.0.0.0/16",
    subnets={
        "edge": "10.0.1.0/24",
        "bastion": "10.0.2.0/26",
        "vpn": "10.0.2.64/27",
        "apps": "10.0.10.0/23",
        "data": "10.0.20.0/24",
        "endpoints": "10.0.21.0/24",
    },
    nat=True,
    bastion=True,
    vpn=True,
    administrators=["203.0.113.0/24"],  # reserved for documentation: nobody comes in until it is replaced
)
images = newswire.registry("images", copies_in=["westus"])
logs = newswire.logs("logs", keeps="30 days", daily_cap="1 GiB", archive=archive)

# -- who is told, and of what ---------------------------------------------------------------------------

oncall = newswire.contact("oncall", pagerduty=pagerduty)
team = newswire.contact("team")
channel = newswire.contact("channel", slack=slack)

newswire.alert(
    "pipeline-failure",
    log("AppEvents | where Name == 'run failed'"),
    above=3,
    within="1 h",
    severity="high",
    tell=[oncall, team],
    title="More than 3 failed runs in an hour",
)
newswire.alert(
    "high-error-rate",
    log(
        "AppEvents | where Name in ('run failed', 'run succeeded')"
        " | summarize failed = countif(Name == 'run failed'), runs = count()"
        " | where failed > 0.1 * runs"
    ),
    above=0,
    within="1 day",
    severity="medium",
    tell=[team],
    title="More than 10 % of the runs of a day failed",
)
newswire.alert(
    "database-full",
    metric(news, "storage free"),
    below="10 GB",
    severity="high",
    tell=[oncall],
    title="Less than 10 GB free in the database",
)
newswire.alert(
    "high-latency",
    metric(front, "response time"),
    above="5 s",
    severity="medium",
    tell=[team],
    title="Answers take more than 5 s on average",
)
newswire.alert(
    "no-data-fetched",
    log(
        "AppEvents | where Name == 'fetch finished' | top 3 by TimeGenerated"
        " | summarize runs = count(), articles = sum(toint(Properties.articles))"
        " | where runs == 3 and articles == 0"
    ),
    above=0,
    within="1 day",
    severity="medium",
    tell=[team, channel],
    title="No article in the last 3 runs",
)
newswire.alert(
    "daemon-down",
    metric(daemon, "replicas"),
    below=1,
    severity="critical",
    tell=[oncall],
    title="No daemon is running",
)
newswire.alert("webserver-busy", metric(webserver, "cpu"), above=80, tell=[team])
newswire.alert("webserver-memory", metric(webserver, "memory"), above=85, tell=[team])
newswire.alert("daemon-busy", metric(daemon, "cpu"), above=80, tell=[team])
newswire.alert("daemon-memory", metric(daemon, "memory"), above=85, tell=[team])
newswire.alert("database-connections", metric(news, "connections"), above=80, tell=[team])
newswire.alert("database-busy", metric(news, "cpu"), above=80, tell=[team])
newswire.alert("database-storage", metric(news, "storage used"), above=90, severity="high", tell=[team])

by_day = "by bin(TimeGenerated, 1d)"
newswire.dashboard(
    "pipeline",
    title="Pipeline health",
    charts=[
        chart(
            "Runs that succeeded",
            log(f"AppEvents | where Name == 'run succeeded' | summarize count() {by_day}"),
        ),
        chart(
            "Runs that failed", log(f"AppEvents | where Name == 'run failed' | summarize count() {by_day}")
        ),
        chart(
            "Duration of a run, seconds",
            log(
                "AppEvents | where Name in ('run failed', 'run succeeded')"
                f" | summarize avg(toreal(Properties.seconds)) {by_day}"
            ),
        ),
        chart(
            "Articles fetched",
            log(
                "AppEvents | where Name == 'fetch finished'"
                f" | summarize sum(toint(Properties.articles)) {by_day}"
            ),
            kind="bar",
        ),
        chart(
            "Duplicates removed",
            log(
                "AppEvents | where Name == 'duplicates removed'"
                f" | summarize sum(toint(Properties.articles)) {by_day}"
            ),
            kind="bar",
        ),
    ],
)
newswire.dashboard(
    "infrastructure",
    title="Infrastructure health",
    charts=[
        chart("Processor of the replicas", metric(webserver, "cpu"), metric(daemon, "cpu"), kind="area"),
        chart("Memory of the replicas", metric(webserver, "memory"), metric(daemon, "memory"), kind="area"),
        chart("Database connections", metric(news, "connections"), kind="area"),
        chart("Gateway requests", metric(gateway, "requests"), kind="area"),
        chart("Gateway response time", metric(gateway, "response time")),
        chart("Traffic through the NAT gateway", metric(net, "traffic out"), kind="area"),
    ],
)

newswire.expects(front.get("/news/stories"), p95="5 s", at="5/s")
newswire.expects(recovery(news, loses_at_most="6 h", back_within="1 h"))
newswire.usage(  # 50 articles a day of 5 KB, as the plan says; a run every six hours
    record_size="5 KB",
    new_records="50/day",
    answer_size=("5 KiB", "20 KiB", "80 KiB"),
)
newswire.usage(front, request_time=("20 ms", "50 ms", "200 ms"), request_cpu=("5 ms", "20 ms", "60 ms"))
newswire.usage(webserver, requests=("5k/month", "20k/month", "100k/month"))
newswire.usage(export, run_time=("1 min", "3 min", "10 min"))
newswire.usage(archive, stored=("10 GiB", "50 GiB", "80 GiB"))
newswire.expects(unit_cost("articles", "$1", figure="new_records"))
newswire.budget("$335/month", records=18_000, requests="500k/month", tell=[team])

# -- what is known and lived with -----------------------------------------------------------------------

newswire.accepts(
    "budget-exceeded",
    because="$335 are the plan's, which has one database instead of two, the gateway for $35 instead of $368,"
    " and Bastion and VPN for nothing. It stays, so that everybody sees the gap.",
    until="2027-06-30",
)
newswire.accepts(
    "always-on-over-half",
    because="The plan asks for gateway, NAT, Bastion and VPN by name: $766 a month. A Front Door for $35 in"
    " the gateway's place, and no Bastion, would save $545; to be decided by those who asked for them.",
    until="2027-06-30",
)
newswire.accepts(
    "bastion-without-machines",
    net,
    because="The plan wants it for machines that its people may bring beside the system. None is described"
    " here; if none has come by then, it goes, and with it $212 a month.",
    until="2027-03-31",
)
newswire.accepts(
    "placeholder-administrators",
    net,
    because="The addresses of those who will operate it are not known yet. These are nobody's, so that nobody"
    " comes in; whoever deploys writes their own.",
    until="2027-06-30",
)
