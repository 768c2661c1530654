"""PAPR as its plan has it: one machine for web and workers, at a price its own table does not hold."""

from seatrial import System

papr = System("papr", title="A memory for agents", region="eastus2")
memories = papr.postgres("memories", cores=2, memory="4 GiB", storage="32 GiB", extensions=["vector"])
everything = papr.app_service_plan("everything", size="P1v3")
web = papr.service(
    "web",
    "uvicorn papr.web:app",
    port=5001,
    health="/health",
    cpu=1,
    memory="4 GiB",
    replicas=(1, 1),
    uses=[memories],
    public=True,
    host=everything,
)
papr.budget("$100/month", records=1_000, requests="10k/month")
