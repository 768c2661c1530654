from seatrial import System, requests

ferry = System("ferry")
crossings = ferry.postgres("crossings", cores=1, memory="2 GiB")
ferry.service(
    "api",
    "serve",
    port=8080,
    health="/health",
    replicas=(1, 5),
    scale=[requests(50)],
    uses=[crossings],
    env={"POOL_SIZE": "20"},
)
