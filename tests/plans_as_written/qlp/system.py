"""QLP as its plan has it: one group of containers that starts containers itself."""

from seatrial import System, available

qlp = System("qlp", title="Intents to validated results", region="eastus2")
intents = qlp.postgres("intents", cores=2, memory="8 GiB", storage="64 GiB", extensions=["vector"])
app = qlp.service(
    "app",
    "dockerd-entrypoint.sh",
    port=8080,
    health="/health",
    cpu=2,
    memory="8 GiB",
    replicas=(1, 1),
    uses=[intents],
    public=True,
    host="container instances",
)
qlp.expects(available("99.9 %", of=app))
qlp.budget("$288/month", records=50_000, requests="1M/month")
