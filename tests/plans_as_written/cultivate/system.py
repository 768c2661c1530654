"""Cultivate as its plan has it: everything for under $5,000 a month."""

from seatrial import System, available, queue_length, requests

cultivate = System("cultivate", title="Questions teachers ask", region="eastus2")
recordings = cultivate.queue("recordings", lock="1 min")
classify = cultivate.service(
    "classify",
    "uvicorn cultivate.classify:app",
    port=8000,
    health="/health",
    replicas=(0, 100),
    scale=[requests(1000)],
    public=True,
)
video = cultivate.worker(
    "video",
    "python -m cultivate.video",
    cpu=4,
    memory="8 GiB",
    replicas=(0, 10),
    scale=[queue_length(recordings, per_replica=100)],
    receives=[recordings],
)
cultivate.usage(video, item_time="10 min")
cultivate.expects(classify.post("/classify"), p99="500 ms", at="100M/month")
cultivate.expects(available("99.95 %", of=classify))
cultivate.budget("$5000/month", requests="100M/month")
