"""Bills of the five systems in East US 2, worked by hand from the price list, to the cent.

Each example says what a month brings, in round figures, and then reads like a bill:

    part | what is paid for | quantity in units of the price | price of a unit | amount | the sum

`0.0001 above 6,000` is a price that begins behind the first 6,000 units, which are free. Quantities are those
that are paid for: what is granted to a whole subscription, of Container Apps and logs, is taken off. `-` is
what all parts stand on. Lines of the same part, purpose and price stand together; those of ten cents and less
are told by their meters, in a second table. The lines of one meter add up to what that meter costs in all,
rounded once: so a line may be a cent away from its own product, which then says where the cent went.

Every figure of a month is stated, and all prices were read in the price list and not by the program. Private
names are asked for once by every tenth request, but by each replica once a minute at most, 43,800 times a
month; those of a vault and a registry 10,000 times. Each replica that may sleep counts as one.
Seconds of working hours, w: 12 h a day are 43,200 × 365 ÷ 12 = 1,314,000; a whole month has 2,628,000.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from functools import cache
from pathlib import Path

import pytest

from seatrial.azure.compile import graph
from seatrial.bill.asked import assumed
from seatrial.bill.bill import Bill, Line, bill
from seatrial.bill.book import Book
from seatrial.bill.elsewhere import moved
from seatrial.bill.meters import Price
from seatrial.bill.usage import Usage
from seatrial.cli.system_file import read_system
from seatrial.model.value import Value

SYSTEMS = Path(__file__).parents[3] / "systems"
CENT = Decimal("0.01")
SMALL = Decimal("0.10")


class Example(Value):
    """A month, and what it costs."""

    month: str
    """One figure a line, as after `--assume`."""
    lines: str
    small: str
    """By meter, what is left of it in lines of ten cents and less, where that is a cent or more."""
    total: str


DOCTROVE = Example(
    month="""
        records=1M
        requests=2M
        new_records=20k
        record_size=7 KB
        answer_size=20 KB
        log_size=2 KB
        busy=12 h
        deployments=8
        logs.logs=13 GB
        papers.stored=8 GiB
        papers.added=140 MB
        papers.changed=2 %
        papers.through=40 GB
        models.stored=1 GiB
        models.added=73 MiB
        models.reads=200k
        models.writes=5k
        models.retrieved=10 MiB
        models.through=0.1 GB
        backups.stored=2 GiB
        backups.added=73 MiB
        backups.reads=20k
        backups.writes=5k
        backups.retrieved=20 MiB
        backups.through=0.1 GB
        assets.stored=2 GiB
        assets.added=73 MiB
        assets.reads=20k
        assets.writes=5k
        assets.through=0.1 GB
        temp.stored=17 MiB
        temp.added=73 MiB
        temp.reads=20k
        temp.writes=5k
        temp.through=0.1 GB
        openai.tokens=29M
        openai.through=0.3 GB
        api.requests=2M
        api.request_time=40 ms
        api.request_cpu=20 ms
        docscope.requests=2M
        docscope.request_time=100 ms
        docscope.request_cpu=20 ms
        enrichment.items=20k
        enrichment.item_time=15 ms
        ingest.runs=20
        ingest.run_time=10 min
        entrance.requests=2M
        entrance.cached=30 %
        images.images=7.5 GiB
        team.notices=30
    """,
    # Container Apps: 2,000,000 requests in w. A replica of the API has something to do for
    #   w × (1 − e^(−2,000,000 × (0.04 s + 1 s) ÷ w)) = w × (1 − e^−1.58295) = 1,044,146.73 s of 2,628,000,
    # of DocScope for w × (1 − e^(−2,000,000 × (0.1 s + 1 s) ÷ w)) = w × (1 − e^−1.67428) = 1,067,699.05 s.
    # Enrichment has work when ingest brings some, 20 × 600 s, and cools down for 300 s each time: 18,000 s.
    # Free are 180,000 vCPU-s and 360,000 GiB-s: 8 migrations of 30 s take 120 and 240, the API the rest.
    lines="""
-                | zone              |            5 |      0.5 |   2.50 | private names of 5 services
-                | questions for names |     0.4142 |      0.4 |   0.17 | 3 × 3 × 43,800 + 2 × 10,000
logs             | logs taken in     |            8 |     2.76 |  22.08 | (13 − 5 free) × 2.76
images           | registry          |      30.4167 |   1.6666 |  50.69 | 730 h ÷ 24 × 1.6666
images           | builds            |       14,400 | 0.0001 above 6,000 | 0.84 | 8 × 5 × 180 s × 2 vCPU
images           | copy in centralus |      30.4167 |   1.6666 |  50.69 | 730 h ÷ 24 × 1.6666
images           | storage of the copy in centralus | 7.5 | 0.1 |  0.75 | 7.5 GiB × 0.1
images           | endpoint          |          730 |     0.01 |   7.30 | 730 h × 0.01
-                | endpoint          |        1,460 |     0.01 |  14.60 | vault and blobs: 2 × 730 h × 0.01
papers           | endpoint          |          730 |     0.01 |   7.30 | 730 h × 0.01
openai           | endpoint          |          730 |     0.01 |   7.30 | 730 h × 0.01
papers           | data in           |           20 |     0.01 |   0.20 | 40 GB ÷ 2 × 0.01
papers           | data out          |           20 |     0.01 |   0.20 | 40 GB ÷ 2 × 0.01
papers           | compute           |        2,920 |    0.089 | 259.88 | 4 vCore × 730 h × 0.089
papers           | standby           |        2,920 |    0.089 | 259.88 | the same again
papers           | storage           |          128 |    0.115 |  14.72 | 128 GiB × 0.115
papers           | storage of the standby |     128 |    0.115 |  14.72 | the same again
openai           | tokens read       |       29,000 |  0.00002 |   0.58 | 29,000,000 ÷ 1K × 0.00002
-                | public addresses  |        1,460 |    0.005 |   7.30 | one in, one out: 2 × 730 h × 0.005
-                | load balancer     |          730 |    0.025 |  18.25 | 730 h × 0.025
api              | idle compute      | 1,403,973.27 | 0.000003 |   4.21 | 1 × 1,583,853.27 − 179,880 free
api              | idle memory       | 2,807,946.55 | 0.000003 |   8.42 | 2 × 1,583,853.27 − 359,760 free
api              | compute           | 1,044,146.73 | 0.000024 |  25.06 | 1 vCPU × 1,044,146.73 s
api              | memory            | 2,088,293.45 | 0.000003 |   6.26 | 2 GiB × 1,044,146.73 s
docscope         | idle compute      |   780,150.48 | 0.000003 |   2.34 | 0.5 vCPU × 1,560,300.95 s
docscope         | idle memory       | 1,560,300.95 | 0.000003 |   4.68 | 1 GiB × 1,560,300.95 s
docscope         | compute           |   533,849.52 | 0.000024 |  12.81 | 0.5 vCPU × 1,067,699.05 s
docscope         | memory            | 1,067,699.05 | 0.000003 |   3.21 | 6.2649 + 3.2031 = 9.47, less 6.26
enrichment       | compute           |       36,000 | 0.000024 |   0.87 | 2 × 18,000: 37.8719 + 0.864 = 38.74
enrichment       | memory            |       72,000 | 0.000003 |   0.21 | 4 × 18,000: 9.468 + 0.216 = 9.68
ingest           | compute           |       12,000 | 0.000024 |   0.28 | 20 × 600 s: 38.7359 + 0.288 = 39.02
entrance         | base fee          |            1 |       35 |  35.00 | the standard tier
entrance         | requests          |          200 |    0.009 |   1.80 | 2,000,000 ÷ 10K × 0.009
entrance         | traffic out       |           40 |   0.0825 |   3.30 | 2,000,000 × 20 KB × 0.0825
enrichment-fails | rule on the logs  |            1 |      0.5 |   0.50 | asks every 15 min
""",
    # new blobs: 5,000 in each store; hot for 30 days 73 MiB × 30 ÷ 30.42 = 72, cool for 60 days 144 MiB
    small="""
Standard Data Processed - Ingress | 0.04 | 6.71 registry + 0.01 vault + 0.4 blobs + 0.3 models, ÷ 2
Standard Data Processed - Egress  | 0.04 | 3.71 GB × 0.01 = 0.037, and 0.2371 in all = 0.20 + 0.04
Hot GRS Data Stored               | 0.08 | (72 + 72 + 2,048 + 17 + 33.6 deleted) MiB = 2.19 × 0.0368
Cool GRS Data Stored              | 0.01 | (144 + 144) MiB = 0.28 × 0.02
Archive GRS Data Stored           | 0.01 | (1,024 − 216 + 2,048 − 216) MiB = 2.58 × 0.004
Hot GRS Write Operations          | 0.20 | 4 × 5,000 = 2 × 10K × 0.1
Hot Read Operations               | 0.10 | 200,000 + 3 × 20,000 = 26 × 10K × 0.004
Cool GRS Write Operations         | 0.20 | models and backups, 2 × 5,000 moved = 1 × 10K × 0.2
Archive GRS Write Operations      | 0.20 | the same blobs, 1 × 10K × 0.2
Geo-Replication v2 Data Transfer  | 0.01 | 4 × 73 MiB = 0.285 × 0.02
Standard Memory Active Usage      | 0.08 | ingest, 20 × 600 s × 2 GiB × 0.000003: 9.684 + 0.072 = 9.76
Standard Data Transfer In         | 0.03 | 1,400,000 × 1 KB + 20,000 × 7 KB = 1.54 GB × 0.02
""",
    total="849.90",
)

PAPR = Example(
    month="""
        records=1,000
        requests=10k
        new_records=500
        record_size=10 KB
        answer_size=4 KB
        log_size=2 KB
        busy=12 h
        deployments=8
        logs.logs=3 GB
        memories.stored=12 MB
        memories.added=5 MB
        memories.changed=2 %
        memories.through=0.05 GB
        history.stored=12 MB
        history.added=5 MB
        history.changed=2 %
        history.through=0.01 GB
        documents.stored=2 GiB
        documents.added=73 MiB
        documents.reads=1,000
        documents.writes=600
        documents.retrieved=20 MiB
        documents.through=0.01 GB
        openai.tokens=420k
        openai.through=0.01 GB
        everything.machines=1
        web.requests=10k
        web.request_cpu=30 ms
        memory-worker.requests=0
        memory-worker.items=500
        memory-worker.item_time=500 ms
        memory-worker.through=0 GB
        document-worker.requests=0
        document-worker.items=500
        document-worker.item_time=20 s
        document-worker.through=0 GB
        images.images=6 GiB
        team.notices=30
    """,
    # 3 GB of logs are in the 5 that are free, 6 GiB of images in the 500 of the registry
    lines="""
-               | zone             |       7 |     0.5 |   3.50 | private names of 7 services
images          | registry         | 30.4167 |  1.6666 |  50.69 | 730 h ÷ 24 × 1.6666
images          | builds           |  11,520 | 0.0001 above 6,000 | 0.55 | 8 × 4 images × 180 s × 2 vCPU
images          | endpoint         |     730 |    0.01 |   7.30 | 730 h × 0.01
-               | endpoint         |   1,460 |    0.01 |  14.60 | vault and blobs: 2 × 730 h × 0.01
memories        | endpoint         |     730 |    0.01 |   7.30 | 730 h × 0.01
history         | endpoint         |     730 |    0.01 |   7.30 | 730 h × 0.01
openai          | endpoint         |     730 |    0.01 |   7.30 | 730 h × 0.01
memory-worker   | endpoint         |     730 |    0.01 |   7.30 | 730 h × 0.01
document-worker | endpoint         |     730 |    0.01 |   7.30 | 730 h × 0.01
memories        | compute          |     730 |   0.068 |  49.64 | B2s, 730 h × 0.068
memories        | storage          |      64 |   0.115 |   7.36 | 64 GiB × 0.115
history         | compute          |     730 |   0.068 |  49.64 | B2s, 730 h × 0.068
history         | storage          |      32 |   0.115 |   3.68 | 32 GiB × 0.115
-               | public addresses |     730 |   0.005 |   3.65 | one out, 730 h × 0.005
-               | load balancer    |     730 |   0.025 |  18.25 | 730 h × 0.025
temporal        | compute          |   1,825 |  0.0405 |  73.91 | (2 + 0.25 + 0.25) vCPU × 730 h
temporal        | memory           |   3,650 | 0.00445 |  16.24 | (4 + 0.5 + 0.5) GB × 730 h
everything      | machines         |     730 |   0.155 | 113.15 | 1 P1v3 × 730 h × 0.155
""",
    # Questions for names: 10,000 requests ÷ 10 in each of 5 zones, and 10,000 each for vault and registry.
    # Blobs: hot 73 MiB × 30 ÷ 30.42 = 72, cool 5 times as long 360, archive 2,048 − 432 MiB
    small="""
Private Queries                    | 0.01 | 25,000 = 0.025 × 1M × 0.4
Standard Data Processed - Ingress  | 0.03 | 5.03 registry + 0.01 vault + 0.08 stores and model, ÷ 2
Standard Data Processed - Egress   | 0.03 | 2.56 GB × 0.01
Cool GRS Data Stored               | 0.01 | 360 MiB = 0.35 × 0.02
Archive GRS Data Stored            | 0.01 | 1,616 MiB = 1.58 × 0.004
Hot GRS Write Operations           | 0.01 | 600 = 0.06 × 10K × 0.1
Cool GRS Write Operations          | 0.01 | 500 moved = 0.05 × 10K × 0.2
Archive GRS Write Operations       | 0.01 | 500 moved = 0.05 × 10K × 0.2
text-embedding-3-small-glbl Tokens | 0.01 | 420 × 1K × 0.00002
""",
    total="448.79",
)

QLP = Example(
    month="""
        records=50k
        requests=1M
        new_records=5k
        record_size=30 KB
        answer_size=8 KB
        log_size=2 KB
        busy=12 h
        deployments=8
        logs.logs=6 GB
        intents.stored=2 GB
        intents.added=150 MB
        intents.changed=2 %
        intents.through=8 GB
        bundles.stored=20 GiB
        bundles.added=146 MiB
        bundles.reads=100k
        bundles.writes=5k
        bundles.retrieved=200 MiB
        bundles.through=0.3 GB
        signing-key.operations=1,460
        planner.tokens=30M
        planner.tokens_out=4.5M
        planner.through=0.2 GB
        embedder.tokens=20M
        embedder.through=0.2 GB
        sandbox.sessions=5k
        sandbox.session_time=2 min
        app.requests=1M
        app.request_time=100 ms
        app.request_cpu=25 ms
        entrance.requests=1.1M
        entrance.cached=0 %
        images.images=4.5 GiB
        team.notices=30
        security.notices=30
    """,
    # Two replicas of the app have something to do for 2 × w × (1 − e^(−1,000,000 × (0.1 s + 1 s) ÷ w ÷ 2)) =
    #   2 × w × (1 − e^−0.41857) = 898,808.69 s and wait for 4,357,191.31 s.
    #   Migrations take 120 vCPU-s and 240 GiB-s of what is free.
    # Two ready sessions of 1 vCPU and 2 GiB have room on one machine of 16 vCPU and 128 GiB, and so have the
    #   5,000 × 420 s ÷ w = 1.6 that are in use at once.
    lines="""
-                  | zone             |            4 |      0.5 |   2.00 | private names of 4 services
-                  | questions for names |   0.2728 |      0.4 |   0.11 | 3 × 2 × 43,800 + 10,000
logs               | logs taken in    |            1 |     2.76 |   2.76 | (6 − 5 free) × 2.76
images             | registry         |      30.4167 |   0.6666 |  20.28 | 730 h ÷ 24 × 0.6666
images             | builds           |        8,640 | 0.0001 above 6,000 | 0.26 | 8 × 3 × 180 s × 2 vCPU
-                  | endpoint         |        1,460 |     0.01 |  14.60 | vault and blobs: 2 × 730 h
intents            | endpoint         |          730 |     0.01 |   7.30 | 730 h × 0.01
planner            | endpoint         |          730 |     0.01 |   7.30 | 730 h × 0.01
embedder           | endpoint         |          730 |     0.01 |   7.30 | 730 h × 0.01
intents            | compute          |        1,460 |    0.089 | 129.94 | 2 vCore × 730 h × 0.089
intents            | standby          |        1,460 |    0.089 | 129.94 | the same again
intents            | storage          |           64 |    0.115 |   7.36 | 64 GiB × 0.115
intents            | storage of the standby |      64 |    0.115 |   7.36 | the same again
bundles            | cool storage     |       19.859 |   0.0125 |   0.25 | 20 GiB − 144 MiB that are hot
planner            | tokens read      |           30 |     0.25 |   7.50 | 30,000,000 ÷ 1M × 0.25
planner            | tokens written   |          4.5 |        2 |   9.00 | 4,500,000 ÷ 1M × 2
embedder           | tokens read      |       20,000 |  0.00002 |   0.40 | 20,000,000 ÷ 1K × 0.00002
-                  | public addresses |        1,460 |    0.005 |   7.30 | one in, one out: 2 × 730 h
-                  | load balancer    |          730 |    0.025 |  18.25 | 730 h × 0.025
sandbox            | machines         |       11,680 | 0.057077 | 666.66 | 16 vCPU × 730 h × 0.057077
sandbox            | machines         |       93,440 | 0.004978 | 465.14 | 128 GiB × 730 h × 0.004978
sandbox            | management of its machines | 730 |     0.1 |  73.00 | 730 h × 0.1
app                | idle compute     | 8,534,502.61 | 0.000003 |  25.60 | 2 × 4,357,191.31 − 179,880 free
app                | idle memory      | 17,069,005.23 | 0.000003 | 51.21 | 4 × 4,357,191.31 − 359,760 free
app                | compute          | 1,797,617.39 | 0.000024 |  43.14 | 2 vCPU × 898,808.69 s
app                | memory           | 3,595,234.77 | 0.000003 |  10.79 | 4 GiB × 898,808.69 s
studio             | site             |            1 |        9 |   9.00 | the standard plan
entrance           | base fee         |            1 |       35 |  35.00 | the standard tier
entrance           | requests         |          110 |    0.009 |   0.99 | 1,100,000 ÷ 10K × 0.009
entrance           | traffic out      |       10.048 |   0.0825 |   0.83 | 1M × 8 KB + 100,000 files × 20 KiB
team               | rule on the logs |            1 |      0.5 |   0.50 | hourly, paid as every 15 min
failed-sign-ins    | rule on the logs |            1 |      1.5 |   1.50 | asks every 5 min
sandbox-violations | rule on the logs |            1 |      1.5 |   1.50 | asks every 5 min
secrets-denied     | rule on the logs |            1 |      1.5 |   1.50 | asks every 5 min
""",
    small="""
Standard Data Processed - Ingress | 0.04 | (0.01 + 8 + 0.3 + 0.2 + 0.2) GB ÷ 2 × 0.01
Standard Data Processed - Egress  | 0.04 | the same
Hot ZRS Write Operations          | 0.03 | 5,000 = 0.5 × 10K × 0.0625
Hot ZRS Read Operations           | 0.04 | 100,000 = 10 × 10K × 0.004
Cool ZRS Write Operations         | 0.05 | 5,000 moved = 0.5 × 10K × 0.1
Cool ZRS Read Operations          | 0.01 | 200 MiB of 146 MiB in 5,000 blobs = 6,849 × 0.01 ÷ 10K
Standard Data Transfer In         | 0.03 | 1,100,000 × 1 KB + 146 MiB = 1.253 GB × 0.02
""",
    total="1,765.81",
)

NEWSWIRE = Example(
    month="""
        records=18k
        requests=500k
        new_records=1,500
        record_size=5 KB
        answer_size=20 KB
        log_size=2 KB
        busy=12 h
        deployments=8
        logs.logs=6 GB
        news.stored=100 MB
        news.added=8 MB
        news.changed=2 %
        archive.stored=50 GiB
        archive.added=73 MiB
        archive.reads=2,000
        archive.writes=1,600
        archive.retrieved=400 MiB
        archive.through=0.02 GB
        newsapi-api-key.operations=1,460
        newsapi-email-credentials.operations=1,460
        slack-webhook.operations=1,460
        pagerduty-webhook.operations=0
        webserver.requests=20k
        webserver.request_time=100 ms
        webserver.request_cpu=20 ms
        front.requests=500k
        front.request_time=50 ms
        front.request_cpu=20 ms
        export.runs=4
        export.run_time=3 min
        net.through=2 GB
        net.connected=20 h
        images.images=7.5 GiB
        oncall.notices=30
        team.notices=30
        channel.notices=30
    """,
    # The gateway asks each service every 30 s whether it is well. Each of two web servers works by day for
    #   w × (1 − e^(−(20,000 × 1.1 s ÷ w + 1 ÷ 30) ÷ 2)) and by night for w × (1 − e^(−1 ÷ 60)), both together
    #   for 64,983.08 + 43,437.02 = 108,420.10 s; the front for w × (1 − e^(−(500,000 × 1.05 s ÷ w + 1 ÷ 30)))
    #   and w × (1 − e^(−1 ÷ 30)), together 461,686.44 + 43,078.04 = 504,764.48 s.
    # Logs: 521,500 × 2 KB by processes, 523,600 rows of 1 KB, 19 × 0.2 GB of metrics: 19.435 % by processes.
    lines="""
net              | address           |        2,190 |    0.005 |  10.95 | 3 × 730 h, a fourth is free
net              | gateway           |          730 |    0.045 |  32.85 | NAT, 730 h × 0.045
net              | gateway           |          730 |     0.29 | 211.70 | Bastion, 730 h × 0.29
net              | gateway           |          730 |     0.21 | 153.30 | VPN, VpnGw1AZ, 730 h × 0.21
-                | zone              |            5 |      0.5 |   2.50 | private names of 5 services
logs             | logs taken in     |            1 |     2.76 |   2.76 | (6 − 5 free) × 2.76
logs             | logs copied out   |       1.5509 |      0.1 |   0.16 | 6 GB × 19.435 % × 1.33 as JSON
images           | registry          |      30.4167 |   1.6666 |  50.69 | 730 h ÷ 24 × 1.6666
images           | builds            |       14,400 | 0.0001 above 6,000 | 0.84 | 8 × 5 × 180 s × 2 vCPU
images           | copy in centralus |      30.4167 |   1.6666 |  50.69 | 730 h ÷ 24 × 1.6666
images           | storage of the copy in centralus | 7.5 | 0.1 |  0.75 | 7.5 GiB × 0.1
images           | endpoint          |          730 |     0.01 |   7.30 | 730 h × 0.01
-                | endpoint          |        1,460 |     0.01 |  14.60 | vault and blobs: 2 × 730 h
news             | compute           |        1,460 |    0.089 | 129.94 | 2 vCore × 730 h × 0.089
news             | standby           |        1,460 |    0.089 | 129.94 | the same again
news             | storage           |          128 |    0.115 |  14.72 | 128 GiB × 0.115
news             | storage of the standby |     128 |    0.115 |  14.72 | the same again
archive          | archive storage   |       49.789 |    0.004 |   0.20 | 50 GiB − 72 MiB hot − 144 cool
-                | public addresses  |          730 |    0.005 |   3.65 | one out, 730 h × 0.005
-                | load balancer     |          730 |    0.025 |  18.25 | 730 h × 0.025
webserver        | idle compute      | 4,967,699.90 | 0.000003 |  14.90 | 5,147,579.90 − 179,880 free
webserver        | idle memory       | 9,935,399.80 | 0.000003 |  29.81 | 2 × 5,147,579.90 − 359,760 free
webserver        | compute           |   108,420.10 | 0.000024 |   2.60 | 1 vCPU × 108,420.10 s
webserver        | memory            |   216,840.20 | 0.000003 |   0.65 | 2 GiB × 108,420.10 s
daemon           | compute           |    5,256,000 | 0.000024 | 126.15 | 2.6021 + 126.144 = 128.75, less 2.60
daemon           | memory            |   10,512,000 | 0.000003 |  31.54 | 4 GiB × 2,628,000 s, always at work
front            | idle compute      | 1,061,617.76 | 0.000003 |   3.19 | 14.9031 + 3.1849 = 18.09, less 14.90
front            | idle memory       | 2,123,235.52 | 0.000003 |   6.37 | 1 GiB × 2,123,235.52 s
front            | compute           |   252,382.24 | 0.000024 |   6.05 | 128.7461 + 6.0572 = 134.80
front            | memory            |   504,764.48 | 0.000003 |   1.51 | 1 GiB × 504,764.48 s
gateway          | gateway           |          730 |     0.36 | 262.80 | 730 h × 0.36
gateway          | capacity held ready |      7,300 |   0.0144 | 105.12 | 1 instance × 10 units × 730 h
oncall           | rule on the logs  |            1 |      0.5 |   0.50 | hourly, paid as every 15 min
pipeline-failure | rule on the logs  |            1 |      0.5 |   0.50 | asks every 15 min
high-error-rate  | rule on the logs  |            1 |      0.5 |   0.50 | hourly, paid as every 15 min
no-data-fetched  | rule on the logs  |            1 |      0.5 |   0.50 | hourly, paid as every 15 min
""",
    small="""
Standard Data Processed           | 0.09 | NAT, 2 GB × 0.045
Private Queries                   | 0.07 | 3 zones × 500,000 ÷ 10 + 2 × 10,000 = 0.17 × 1M × 0.4
Standard Data Processed - Ingress | 0.03 | (6.71 registry + 0.01 vault + 0.02 blobs) GB ÷ 2 × 0.01
Standard Data Processed - Egress  | 0.03 | the same
Operations                        | 0.03 | 56 + 7 × 1,460 + 182.5 = 10,458 × 0.03 ÷ 10K
Hot GRS Write Operations          | 0.02 | 1,600 = 0.16 × 10K × 0.1
Cool GRS Write Operations         | 0.03 | 1,500 moved = 0.15 × 10K × 0.2
Archive GRS Write Operations      | 0.03 | 1,500 moved = 0.15 × 10K × 0.2
Cool Read Operations              | 0.01 | 400 MiB of 73 MiB in 1,500 blobs = 8,219 × 0.01 ÷ 10K
Standard vCPU Active Usage        | 0.02 | export, 4 × 180 s × 1 vCPU × 0.000024
Standard Memory Active Usage      | 0.01 | export, 4 × 180 s × 2 GiB × 0.000003: 33.7008 + 0.0043 = 33.71
""",
    total="1,443.57",
)

CULTIVATE = Example(
    month="""
        records=10k
        requests=100M
        new_records=500
        record_size=4 KB
        answer_size=600 B
        log_size=400 B
        busy=8 h
        deployments=8
        logs.logs=280 GB
        videos.stored=3 TiB
        videos.added=365 GiB
        videos.reads=200k
        videos.writes=60k
        videos.retrieved=30 GiB
        videos.through=1,000 GB
        models.stored=1 GiB
        models.added=73 MiB
        models.reads=10M
        models.writes=1,000
        models.retrieved=10 MiB
        models.through=2 GB
        results.stored=20 GiB
        results.reads=102M
        results.read_units=3
        results.writes=1,000
        results.write_units=10
        results.through=60 GB
        recordings.messages=10k
        recordings.through=1 MB
        analyses.messages=10k
        analyses.through=1 MB
        batches.messages=500
        batches.through=1 MB
        events.messages=10k
        events.through=1 MB
        embedder.tokens=130k
        embedder.through=0.01 GB
        classify.requests=100M
        classify.request_time=50 ms
        classify.request_cpu=5 ms
        lessons.requests=2M
        lessons.request_time=100 ms
        lessons.request_cpu=20 ms
        video.items=10k
        video.item_time=25 s
        analysis.items=10k
        analysis.item_time=15 s
        batch.items=500
        batch.item_time=2 s
        gpus.machines=2
        spot.machines=0.1
        entrance.requests=112M
        entrance.cached=2 %
        net.through=200 GB
        images.images=7.5 GiB
        team.notices=30
    """,
    # Working hours here, v: 28,800 × 365 ÷ 12 = 876,000 s. 100,000,000 requests ÷ v ÷ 20 at once = 5.7, so 6
    #   replicas of classify, for v each. Lessons work for v × (1 − e^(−2,000,000 × (0.1 s + 1 s) ÷ v)) =
    #   804,909.72 s; video is awake for v × (1 − e^(−10,000 × (25 s + 300 s) ÷ v)) = 854,558.67 s.
    #   By night two replicas of classify wait, 2 × 1,752,000 s. What is free goes to classify, as it waits.
    # Logs: 102,020,500 × 400 B by processes and 10 % of 102,000,000 calls × 400 B by the gateway, 44.8882 GB;
    #   rows of 1 KB 112 M + 102 M + 500 + 20 × 8,760 + 0.26 M + 10.001 M by Front Door, the gateway, the
    #   model, Cosmos DB and blobs, 224.4367 GB; metrics 16 × 0.2 GB; the cluster 8 GB: 280.5249 GB in all.
    # Blobs: hot for 30 days 365 × 30 ÷ 30.42 = 360 GiB, cool for 150 days 1,800 GiB, the rest in the archive.
    # Of 112M answers 2 % come from the cache of Front Door. It keeps none but files: 22.4 % of the 10M files.
    # The price list has no spot price of this machine in this region, so that its pool is paid as on demand.
    lines="""
net         | address          |          730 |    0.005 |     3.65 | 730 h × 0.005
net         | firewall         |          730 |     1.25 |   912.50 | 730 h × 1.25
net         | traffic          |          200 |    0.016 |     3.20 | 200 GB × 0.016
-           | zone             |            6 |      0.5 |     3.00 | private names of 6 services
-           | questions for names |     1.543 |      0.4 |     0.62 | 5 × 7 × 43,800 + 10,000
logs        | logs taken in    |          275 |     2.76 |   759.00 | (280 − 5 free) × 2.76
logs        | logs kept        |       456.22 |     0.12 |    54.75 | 280 × (235.6367 ÷ 280.5249) × 59 ÷ 30.42
images      | registry         |      30.4167 |   1.6666 |    50.69 | 730 h ÷ 24 × 1.6666
images      | builds           |       14,400 | 0.0001 above 6,000 | 0.84 | 8 × 5 × 180 s × 2 vCPU
images      | endpoint         |          730 |     0.01 |     7.30 | 730 h × 0.01
-           | endpoint         |          730 |     0.01 |     7.30 | blobs: 730 h × 0.01
results     | endpoint         |          730 |     0.01 |     7.30 | 730 h × 0.01
predictions | endpoint         |          730 |     0.01 |     7.30 | 730 h × 0.01
embedder    | endpoint         |          730 |     0.01 |     7.30 | 730 h × 0.01
-           | data in          |          501 |     0.01 |     5.01 | (1,000 + 2) GB ÷ 2 × 0.01
-           | data out         |          501 |     0.01 |     5.01 | the same
results     | data in          |           30 |     0.01 |     0.30 | 60 GB ÷ 2 × 0.01
results     | data out         |           30 |     0.01 |     0.30 | the same
predictions | data in          |         30.6 |     0.01 |     0.31 | 102,000,000 × 600 B ÷ 2 × 0.01
predictions | data out         |         30.6 |     0.01 |     0.31 | the same
videos      | hot storage      |          360 |   0.0368 |    13.25 | 360 GiB × 0.0368
videos      | cool storage     |        1,800 |     0.02 |    36.00 | 1,800 GiB × 0.02
videos      | archive storage  |          912 |    0.004 |     3.65 | (3,072 − 360 − 1,800) GiB × 0.004
videos      | writes           |            6 |      0.1 |     0.60 | 60,000 ÷ 10K × 0.1
videos      | read back from cool |        30 |     0.01 |     0.30 | 30 GiB × 0.01
videos      | copying to the paired region | 365 |  0.02 |     7.30 | 365 GiB × 0.02
models      | reads            |        1,000 |    0.004 |     4.00 | 10,000,000 ÷ 10K × 0.004
results     | request units    |     382.5125 |     0.25 |    95.63 | (102M × 3 + 1,000 × 10) × 1.25 ÷ 1M
results     | storage          |           20 |     0.25 |     5.00 | 20 GiB × 0.25
results     | backups          |           20 |      0.2 |     4.00 | 20 GiB × 0.2
predictions | compute          |        1,460 |    0.032 |    46.72 | 2 nodes B1 × 730 h × 0.032
-           | base price       |            1 |       10 |    10.00 | of Service Bus
-           | public addresses |          730 |    0.005 |     3.65 | one out, 730 h × 0.005
-           | load balancer    |          730 |    0.025 |    18.25 | 730 h × 0.025
-           | control plane    |          730 |      0.1 |    73.00 | 730 h × 0.1
-           | machines for system |     1,460 |    0.096 |   140.16 | 2 D2s_v5 × 730 h × 0.096
-           | disks            |            2 |    17.92 |    35.84 | 2 P10 × 17.92
-           | endpoint of the API |       730 |     0.01 |     7.30 | 730 h × 0.01
gpus        | machines         |        1,460 |    0.526 |   767.96 | 2 NC4as_T4_v3 × 730 h × 0.526
spot        | more machines    |           73 |    0.526 |    38.40 | 0.1 NC4as_T4_v3 × 730 h × 0.526
classify    | idle compute     |    3,324,000 | 0.000003 |     9.97 | 3,504,000 s × 1 vCPU − 180,000 free
classify    | idle memory      |    6,648,000 | 0.000003 |    19.94 | 3,504,000 s × 2 GiB − 360,000 free
classify    | compute          |    5,256,000 | 0.000024 |   126.14 | 6 × 876,000 s × 1 vCPU
classify    | memory           |   10,512,000 | 0.000003 |    31.54 | 6 × 876,000 s × 2 GiB
classify    | requests         |           98 |      0.4 |    39.20 | (100,000,000 − 2,000,000 free) ÷ 1M
lessons     | idle compute     |   911,545.14 | 0.000003 |     2.74 | 9.972 + 2.7346 = 12.71, less 9.97
lessons     | idle memory      | 1,823,090.28 | 0.000003 |     5.47 | 1 GiB × 1,823,090.28 s
lessons     | compute          |   402,454.86 | 0.000024 |     9.66 | 0.5 vCPU × 804,909.72 s
lessons     | memory           |   804,909.72 | 0.000003 |     2.41 | 1 GiB × 804,909.72 s
lessons     | requests         |            2 |      0.4 |     0.80 | 2,000,000 ÷ 1M
video       | compute          | 3,418,234.67 | 0.000024 |    82.04 | 4 vCPU × 854,558.67 s
video       | memory           | 6,836,469.35 | 0.000003 |    20.51 | 8 GiB × 854,558.67 s
demos       | site             |            1 |        9 |     9.00 | the standard plan
demos       | traffic out      |      158.925 | 0.2 above 100 | 11.78 | 77.6 % of 10M files × 20 KiB − 100 GB
gateway     | gateway          |          730 |   0.9589 |   700.00 | 730 h × 0.9589
gateway     | calls            |       10,200 | 0.025 above 5,000 | 130.00 | (10,200 − 5,000) × 10K
entrance    | base fee         |            1 |      330 |   330.00 | the premium tier
entrance    | requests         |       11,200 |    0.015 |   168.00 | 112,000,000 ÷ 10K × 0.015
entrance    | traffic out      |          266 |   0.0825 |    21.95 | 102M × 600 B + 10M files × 20 KiB
entrance    | traffic to what answers | 501.676 |   0.02 |    10.03 | 98 % of 112M × 1 KB + 365 GiB of videos
quality     | rule on the logs |            1 |      0.5 |     0.50 | hourly, paid as every 15 min
""",
    small="""
Hot GRS Data Stored               | 0.01 | models, 216 MiB: 13.248 + 0.0078 = 13.26, less 13.25
Cool GRS Data Stored              | 0.02 | models, 808 MiB = 0.789 × 0.02
Hot GRS Write Operations          | 0.01 | models, 1,000 = 0.1 × 10K × 0.1
Hot Read Operations               | 0.08 | videos, 200,000 = 20 × 10K × 0.004
Cool GRS Write Operations         | 0.02 | 2 × 500 moved = 0.1 × 10K × 0.2
Archive GRS Write Operations      | 0.01 | 500 moved = 0.05 × 10K × 0.2
Standard Data Processed - Ingress | 0.04 | 8 × 5 images × 200 MiB = 8.39 GB ÷ 2 × 0.01
Standard Data Processed - Egress  | 0.04 | the same
""",
    total="4,878.91",
)

EXAMPLES = {
    "doctrove": DOCTROVE,
    "papr": PAPR,
    "qlp": QLP,
    "newswire": NEWSWIRE,
    "cultivate": CULTIVATE,
}


# -- what is expected -----------------------------------------------------------------------------------


class Row(Value):
    """A row of the first table."""

    quantity: Decimal
    price: Decimal
    above: Decimal
    """The units that are free before it."""
    amount: Decimal

    @property
    def product(self) -> Decimal:
        return max(self.quantity - self.above, Decimal(0)) * self.price


Key = tuple[str, str, str]
"""Part, what is paid for, and its price."""


def cells(table: str) -> Iterator[list[str]]:
    for line in table.strip().splitlines():
        yield [cell.strip() for cell in line.split("|")]


def number(text: str) -> Decimal:
    return Decimal(text.replace(",", ""))


def rows(example: Example) -> dict[Key, Row]:
    found = {}
    for part, what, quantity, price, amount, _ in cells(example.lines):
        each, _, above = price.partition(" above ")
        key = part, what, price
        assert key not in found, f"{key} stands there twice"
        found[key] = Row(
            quantity=number(quantity), price=number(each), above=number(above or "0"), amount=number(amount)
        )
    return found


def small(example: Example) -> dict[str, Decimal]:
    return {meter: number(amount) for meter, amount, _ in cells(example.small)}


# -- what the program says ------------------------------------------------------------------------------


@cache
def billed(name: str) -> Bill:
    plan = moved(read_system(SYSTEMS / name / "system.py").plan(), "eastus2")
    month = [assumed(plan, line.strip()) for line in EXAMPLES[name].month.strip().splitlines()]
    return bill(graph(plan), Book(), Usage(plan, month))


def told(price: Price, units: Decimal) -> str:
    """A price in the words of the table: what the last of so many units costs."""
    tier = max((tier for tier in price.tiers if tier.above < units), key=lambda tier: tier.above)
    free = all(not each.price for each in price.tiers if each.above < tier.above)
    assert free, f"{price.meter}: several prices are climbed"
    return f"{tier.price.normalize():f}" + (f" above {tier.above:,f}" if tier.above else "")


def together(lines: tuple[Line, ...]) -> dict[Key, list[Line]]:
    found: dict[Key, list[Line]] = {}
    for line in lines:
        if line.paid.likely:
            price = told(line.price, line.paid.likely / line.price.each)
            found.setdefault((line.part or "-", line.what, price), []).append(line)
    return found


def sum_of(lines: list[Line]) -> Decimal:
    return sum((line.amount.likely for line in lines), Decimal(0))


systems = pytest.mark.parametrize("name", EXAMPLES)


@systems
def test_the_examples_are_reckoned_right(name: str) -> None:
    # Quantity times price is the amount, but for the cent that a meter is rounded by
    for key, row in rows(EXAMPLES[name]).items():
        assert abs(row.product - row.amount) <= CENT, key


@systems
def test_every_figure_of_a_month_is_stated(name: str) -> None:
    assert [each.key for each in billed(name).assumptions if each.why != "asked for"] == []
    # And none in vain
    used = {each.key for each in billed(name).assumptions}
    said = {line.partition("=")[0].strip() for line in EXAMPLES[name].month.strip().splitlines()}
    assert said == used


@systems
def test_each_line_comes_to_what_is_reckoned_by_hand(name: str) -> None:
    expected = rows(EXAMPLES[name])
    found = {key: lines for key, lines in together(billed(name).lines).items() if sum_of(lines) > SMALL}

    assert {key: sum_of(lines) for key, lines in found.items()} == {
        key: row.amount for key, row in expected.items()
    }
    for key, lines in found.items():
        units = sum((line.paid.likely / line.price.each for line in lines), Decimal(0))
        written = expected[key].quantity
        assert units.quantize(written) == written, key


@systems
def test_what_is_small_comes_to_what_is_reckoned_by_hand(name: str) -> None:
    found: dict[str, Decimal] = {}
    for lines in together(billed(name).lines).values():
        if sum_of(lines) <= SMALL:
            for line in lines:
                meter = line.price.meter.name
                found[meter] = found.get(meter, Decimal(0)) + line.amount.likely

    assert {meter: amount for meter, amount in found.items() if amount} == small(EXAMPLES[name])


@systems
def test_the_total_is_right_to_the_cent(name: str) -> None:
    by_hand = sum((row.amount for row in rows(EXAMPLES[name]).values()), Decimal(0))
    by_hand += sum(small(EXAMPLES[name]).values())

    assert by_hand == number(EXAMPLES[name].total)
    assert billed(name).total.likely == by_hand
