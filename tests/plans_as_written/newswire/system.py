"""Newswire as its plan has it: a daemon that is a task of Amazon's, and a standby that costs nothing."""

from seatrial import System, cpu, metric, recovery

newswire = System("newswire", title="AI and marketing news", region="eastus2")
news = newswire.postgres("news", cores=2, memory="8 GiB", storage="128 GiB", standby="another zone")
webserver = newswire.service(
    "webserver",
    "dagster-webserver",
    port=3000,
    health="/server_info",
    cpu=1,
    memory="2 GiB",
    replicas=(2, 4),
    scale=[cpu(70)],
    uses=[news],
    public=True,
)
daemon = newswire.worker("daemon", "dagster-daemon run", cpu=1, memory="2 GiB", uses=[news])
oncall = newswire.contact("oncall", mail=["oncall@example.org"])
newswire.alert(
    "task-down",
    metric(daemon, "replicas"),
    below=1,
    severity="critical",
    tell=[oncall],
    title="ECS task down",
)
newswire.expects(recovery(news, loses_at_most="6 h", back_within="1 h"))
newswire.budget("$335/month", records=18_000, requests="100k/month")
