"""Cultivate: classroom video is transcribed, and its teachers' questions are classified."""

from seatrial import (
    System,
    available,
    chart,
    cpu,
    log,
    memory,
    metric,
    product,
    queue_length,
    recovery,
    requests,
    unit_cost,
)

cultivate = System("cultivate", title="Questions teachers ask", region="eastus2")

# -- what is kept ---------------------------------------------------------------------------------------

videos = cultivate.blobs("videos", cool_after="30 days", archive_after="180 days", copies="regions")
models = cultivate.blobs("models", cool_after="90 days", copies="regions")
results = cultivate.documents("results", partition="/organization", backup="30 days")
predictions = cultivate.cache("predictions", memory="1 GiB")
recordings = cultivate.queue("recordings", lock="5 min", attempts=5, keeps="7 days")
analyses = cultivate.queue("analyses", lock="5 min", attempts=5, keeps="7 days")
batches = cultivate.queue("batches", lock="5 min", attempts=10, keeps="14 days")
events = cultivate.queue("events", topic=True, keeps="1 day")
embedder = cultivate.model_api(
    "embedder",
    model="text-embedding-3-small",
    needed=False,
    tokens_per_minute=120_000,
    worked_on="data zone",
)

# -- light models and the video pipeline ----------------------------------------------------------------

classify = cultivate.service(
    "classify",
    "python -m cultivate.classify",
    port=8000,
    health="/health",
    cpu=1,
    memory="2 GiB",
    replicas=(2, 100),
    scale=[requests(20), cpu(70), memory(80)],
    uses=[results, predictions],
    reads=[models],
    env={"OTEL_TRACES_SAMPLER": "parentbased_traceidratio", "OTEL_TRACES_SAMPLER_ARG": "0.1"},
)
lessons = cultivate.service(
    "lessons",
    "python -m cultivate.lessons",
    port=8001,
    health="/health",
    cpu=0.5,
    memory="1 GiB",
    replicas=(1, 20),
    scale=[requests(50), cpu(70)],
    uses=[videos, results, predictions],
    sends=[recordings, batches],
    receives=[events],
    sign_in=True,
)
video = cultivate.worker(
    "video",
    "python -m cultivate.video",
    cpu=4,
    memory="8 GiB",
    replicas=(0, 40),
    scale=[queue_length(recordings, per_replica=5)],
    uses=[videos, results],
    reads=[models],
    sends=[analyses, events],
    receives=[recordings],
)

# -- heavy models ---------------------------------------------------------------------------------------

gpus = cultivate.node_pool("gpus", machine="Standard_NC4as_T4_v3", nodes=(2, 50), gpus=1)
spot = cultivate.node_pool("spot", machine="Standard_NC4as_T4_v3", nodes=(0, 20), gpus=1, spot=True)

analysis = cultivate.worker(
    "analysis",
    "python -m cultivate.analysis",
    cpu=3,
    memory="20 GiB",
    gpus=1,
    replicas=(2, 50),
    scale=[queue_length(analyses, per_replica=100)],
    uses=[results, embedder],
    reads=[videos, models],
    sends=[events],
    receives=[analyses],
    host=gpus,
)
batch = cultivate.worker(
    "batch",
    "python -m cultivate.analysis --batch",
    cpu=3,
    memory="20 GiB",
    gpus=1,
    replicas=(0, 20),
    scale=[queue_length(batches, per_replica=100)],
    uses=[results],
    reads=[videos, models],
    sends=[events],
    receives=[batches],
    host=spot,
)

# -- how the world comes in -----------------------------------------------------------------------------

demos = cultivate.site("demos", directory="web", port=8002, fallback="index.html")
gateway = cultivate.api_management(
    "gateway",
    apis={"classify": classify, "lessons": lessons},
    publisher="Cultivate Learning",
    tier="standard v2",
    products=[
        product("demo", calls="10/min", quota="1000/day"),
        product("schools", calls="300/min", quota="2M/month", approval=True),
        product("research", calls="1000/min", quota="20M/month", approval=True),
    ],
)
entrance = cultivate.front_door(
    "entrance", routes={"/*": demos, "/api/*": gateway}, limit="2000/min", cache="1 h"
)
net = cultivate.network("net", firewall=True, reaches=["login.microsoftonline.com"])
images = cultivate.registry("images")
logs = cultivate.logs("logs", keeps="90 days", daily_cap="20 GiB")

# -- who is told, and of what ---------------------------------------------------------------------------

team = cultivate.contact("team")
cultivate.alert("classify-slow", metric(classify, "response time"), above=0.5, tell=[team])
cultivate.alert("classify-errors", metric(classify, "errors"), above=20, severity="high", tell=[team])
for queue in (recordings, analyses, batches, events):
    cultivate.alert(
        f"{queue.name}-dead-letters",
        metric(queue, "dead letters"),
        above=0,
        severity="high",
        tell=[team],
        title=f"Something in {queue.name} could not be worked on",
    )
cultivate.alert("recordings-wait", metric(recordings, "waiting"), above=500, within="15 min", tell=[team])
cultivate.alert("results-throttled", metric(results, "throttled"), above=50, within="15 min", tell=[team])
cultivate.alert("cache-full", metric(predictions, "memory"), above=90, within="15 min", tell=[team])
cultivate.alert(
    "quality",
    log("AppEvents | where Name == 'correction' | summarize corrected = count() | where corrected > 100"),
    above=0,
    within="1 day",
    tell=[team],
    title="People correct far more than they did",
)
cultivate.dashboard(
    "learning",
    title="Cultivate: models and pipeline",
    charts=[
        chart("Predictions", metric(classify, "requests"), kind="area"),
        chart("Response time", metric(classify, "response time")),
        chart("Waiting", metric(recordings, "waiting"), metric(analyses, "waiting"), kind="area"),
        chart(
            "Predictions by model",
            log(
                "AppEvents | where Name == 'prediction'"
                " | summarize count() by tostring(Properties.model), bin(TimeGenerated, 1h)"
            ),
        ),
        chart(
            "Confidence by model",
            log(
                "AppEvents | where Name == 'prediction'"
                " | summarize avg(toreal(Properties.confidence))"
                " by tostring(Properties.model), bin(TimeGenerated, 1h)"
            ),
        ),
    ],
)

cultivate.expects(classify.post("/classify"), p99="500 ms", at="100M/month")
cultivate.expects(lessons.post("/recordings"), p95="30 s", at="1000/h")
cultivate.expects(available("99.95 %", of=classify))
cultivate.expects(recovery(videos, loses_at_most="1 h", back_within="4 h"))
cultivate.expects(recovery(results, loses_at_most="1 h", back_within="4 h"))
cultivate.expects(unit_cost("predictions", "$0.10", of=classify))
cultivate.usage(answer_size=("300 B", "600 B", "2 KiB"), busy=("6 h", "8 h", "12 h"))
cultivate.usage(log_size=("200 B", "400 B", "1 KB"))  # about 2 KB, of one prediction in ten
cultivate.usage(classify, request_time=("20 ms", "50 ms", "200 ms"), request_cpu=("2 ms", "5 ms", "15 ms"))
cultivate.usage(lessons, requests=("500k/month", "2M/month", "5M/month"))
cultivate.usage(recordings, messages=("2k/month", "10k/month", "40k/month"))  # 1,000 an hour is the peak
cultivate.usage(video, items=("2k/month", "10k/month", "40k/month"), item_time=("15 s", "25 s", "30 s"))
cultivate.usage(analysis, items=("2k/month", "10k/month", "40k/month"), item_time=("5 s", "15 s", "40 s"))
cultivate.usage(videos, added=("100 GiB", "500 GiB", "2 TiB"), stored=("500 GiB", "3 TiB", "12 TiB"))
cultivate.usage(results, stored=("5 GiB", "20 GiB", "100 GiB"))
cultivate.budget("$5000/month", requests="100M/month", tell=[team])

# -- what is known and lived with -----------------------------------------------------------------------

cultivate.accepts(
    "availability-beyond-parts",
    classify,
    because="The published figures of all parts in one region come to 99.75 %, 85 minutes of a month more"
    " than the plan allows. They are what Azure pays back for, not what is measured; whoever must rest on"
    " them takes `three-regions`, at more than twice the price.",
)
cultivate.accepts(
    "zones-left-out",
    models,
    because="Running replicas have read their models: without the zone, only one that starts anew waits. The"
    " copy in the paired region is worth more, as models are hard to make again. Both together are not in"
    " the price list of East US 2, and are to be had when `seatrial bill --refresh` finds them.",
    until="2027-03-31",
)
cultivate.accepts(
    "lost-with-region",
    results,
    because="A serverless account lives in one region, and so do its backups. Whoever must be back after the"
    " loss of a region takes `three-regions`, where results are kept three times.",
)
cultivate.accepts(
    "idle-gpus",
    gpus,
    because="The plan wants two machines with a GPU at all times: one takes minutes to start, and a recording"
    " is promised in 30 s. They are $768 a month in East US 2, decided anew when recordings are counted.",
    until="2027-06-30",
)
cultivate.accepts(
    "quota-container-apps",
    video,
    because="The most replicas are the plan's, and the standard load takes some ten cores of the hundred."
    " More is asked of Azure before the first week in which many schools upload at once.",
    until="2027-03-31",
)
cultivate.accepts(
    "quota-gpu",
    gpus,
    spot,
    because="The most machines are the plan's. Subscriptions begin with few cores of this family or none."
    " They are asked of Azure before the first deployment, which needs the eight of two machines.",
    until="2027-03-31",
)
cultivate.accepts(
    "laptop-lacks",
    results,
    because="The application comes later, and brings documents and queues for a laptop with it.",
    until="2027-06-30",
)

three_regions = cultivate.variant(
    "three-regions", title="In three regions", also_in=["westeurope", "southeastasia"]
)
three_regions.change(results, throughput=10_000)
three_regions.change(  # the small model is not sold by the region in Southeast Asia
    embedder, model="text-embedding-3-large", worked_on="region"
)
three_regions.traffic_manager(
    "residency", to=gateway, routing="geographic", health="/status-0123456789abcdef"
)
three_regions.accepts(
    "regions-with-stores-apart",
    because="A recording stays in the region in which it was made: the plan wants data to stay where they"
    " are. Results, which every region reads, are one for all three; who must find recordings again comes by"
    " `residency`, which leads by country.",
)
three_regions.budget("$15000/month", requests="100M/month", tell=[team])
