"""DocTrove as its plan has it: an extension loaded at start, and a standby that nobody pays for."""

from seatrial import System, backlog, cpu, recovery, requests

doctrove = System("doctrove", title="A map of millions of documents", region="eastus2")
papers = doctrove.postgres("papers", cores=4, storage="128 GiB", standby="another zone", backup_days=35)
models = doctrove.blobs("models", cool_after="30 days", archive_after="90 days", copies="regions")
api = doctrove.service(
    "api",
    "uvicorn doctrove.api:app",
    port=5001,
    health="/api/health",
    replicas=(1, 10),
    scale=[requests(50), cpu(70)],
    uses=[papers],
    public=True,
)
enrichment = doctrove.worker(
    "enrichment",
    "python -m doctrove.enrichment",
    cpu=2,
    memory="4 GiB",
    replicas=(0, 3),
    scale=[backlog(papers, "select count(*) from unembedded"), cpu(70)],
    uses=[papers, models],
)
doctrove.expects(recovery(papers, loses_at_most="1 h", back_within="4 h"))
doctrove.budget("$271/month", records=1_000_000, requests="2M/month")
