"""Will Azure take it: what other hosts than Container Apps run, as a system file asks for it."""

from __future__ import annotations

from seatrial.check.rule import refusal

INSTANCES = "https://learn.microsoft.com/azure/container-instances/container-instances-overview"
PLANS = "https://learn.microsoft.com/azure/app-service/overview-hosting-plans"
LIMITS = (
    "https://learn.microsoft.com/azure/azure-resource-manager/management/azure-subscription-service-limits"
)
ZONES = "https://learn.microsoft.com/azure/reliability/reliability-app-service"
ISOLATED = "https://learn.microsoft.com/azure/aks/use-pod-sandboxing"


def _system(line: str, region: str = "eastus2", words: str = "System") -> str:
    """A system file with what is asked for."""
    return f"""
from seatrial import {words}

shop = System("shop", region="{region}")
{line}
"""


# -- Container Instances ------------------------------------------------------------------------------------

refusal(
    "instances-job",
    title="A job or schedule is to run on Container Instances",
    why="A group starts as soon as it is deployed, and nothing there has a clock.",
    source=INSTANCES,
    matches=r"^Container Instances starts a container as soon as it is deployed",
    bad=_system('shop.job("import", "load", host="container instances")'),
    good=_system('shop.job("import", "load")'),
)

refusal(
    "instances-gpu",
    title="A process with a GPU is to run on Container Instances",
    why="Groups with GPUs were retired in July 2025.",
    source="https://learn.microsoft.com/azure/container-instances/container-instances-gpu",
    matches=r"^Container Instances has no machines with GPUs any more$",
    bad=_system('shop.worker("trainer", "train", gpus=1, host="container instances")'),
    good=_system('shop.worker("trainer", "train", gpus=1)'),
)

refusal(
    "instances-size",
    title="A process is larger than a group of Container Instances",
    why="A group has 31 cores and 240 GiB at most.",
    source="https://learn.microsoft.com/azure/container-instances/container-instances-resource-and-quota-limits",
    matches=r"are more than a group may have: ",
    bad=_system('shop.worker("packer", "pack", cpu=48, host="container instances")'),
    good=_system('shop.worker("packer", "pack", cpu=16, host="container instances")'),
)

refusal(
    "instances-world",
    title="The world is to reach a group of Container Instances",
    why="A group has no TLS and no name of its own: it answers inside the network only.",
    source=INSTANCES,
    matches=r"^Container Instances has no TLS, ",
    bad=_system(
        'shop.service("web", "serve", port=8080, public=True, replicas=(1, 1), host="container instances")'
    ),
    good=_system('shop.service("web", "serve", port=8080, replicas=(1, 1), host="container instances")'),
)

refusal(
    "instances-front-door",
    title="Front Door is to lead to a group of Container Instances",
    why="A group has no private link by which Front Door could come to it.",
    source="https://learn.microsoft.com/azure/frontdoor/private-link",
    matches=r"^Front Door has no private way to Container Instances$",
    bad=_system(
        'web = shop.service("web", "serve", port=8080, replicas=(1, 1), host="container instances")\n'
        'shop.front_door("edge", routes={"/*": web})'
    ),
    good=_system(
        'web = shop.service("web", "serve", port=8080)\nshop.front_door("edge", routes={"/*": web})'
    ),
)

refusal(
    "instances-sign-in",
    title="People are to sign in to a group of Container Instances",
    why="Nothing stands before a group that could ask who somebody is.",
    source=INSTANCES,
    matches=r"^Container Instances signs nobody in$",
    bad=_system(
        'shop.service("web", "serve", port=8080, sign_in=True, replicas=(1, 1), host="container instances")'
    ),
    good=_system('shop.service("web", "serve", port=8080, sign_in=True)'),
)

refusal(
    "instances-follow",
    title="The groups of a process are to follow its work",
    why="Container Instances keeps as many groups as were deployed.",
    source=INSTANCES,
    matches=r"container instances do not follow the work$",
    bad=_system('shop.worker("packer", "pack", replicas=(1, 4), host="container instances")'),
    good=_system('shop.worker("packer", "pack", replicas=(2, 2), host="container instances")'),
)

refusal(
    "host-always-runs",
    title="A process is to go down to no replica on a host that always runs one",
    why="The machines of a plan, or a group, run and cost whether anything is asked of them or not.",
    source=PLANS,
    matches=r"^replicas=.* never goes down to none$",
    bad=_system('shop.service("web", "serve", port=8080, replicas=(0, 3), host="app service")'),
    good=_system('shop.service("web", "serve", port=8080, replicas=(1, 3), host="app service")'),
)

# -- App Service --------------------------------------------------------------------------------------------

refusal(
    "app-service-no-http",
    title="What answers no HTTP is to run on App Service",
    why="App Service asks each container by HTTP whether it is alive, and ends what does not answer.",
    source="https://learn.microsoft.com/azure/app-service/configure-custom-container",
    matches=r"^App Service ends a container that answers no HTTP",
    bad=_system('shop.worker("packer", "pack", host="app service")'),
    good=_system('shop.worker("packer", "pack")'),
)

refusal(
    "app-service-gpu",
    title="A process with a GPU is to run on App Service",
    why="None of its machines has one.",
    source=PLANS,
    matches=r"^App Service has no machines with GPUs$",
    bad=_system('shop.service("web", "serve", port=8080, gpus=1, host="app service")'),
    good=_system('shop.service("web", "serve", port=8080, gpus=1)'),
)

refusal(
    "app-service-scale",
    title="A service on App Service is to follow a queue or a database",
    why="A plan has more machines when cores or memory are busy; it counts nothing that waits.",
    source="https://learn.microsoft.com/azure/azure-monitor/autoscale/autoscale-common-metrics",
    matches=r"^App Service scales by cores and memory only",
    bad=_system(
        'orders = shop.queue("orders")\n'
        'shop.service("web", "serve", port=8080, receives=[orders], scale=[queue_length(orders)],\n'
        '             host="app service")',
        words="System, queue_length",
    ),
    good=_system(
        'shop.service("web", "serve", port=8080, scale=[cpu(70)], host="app service")', words="System, cpu"
    ),
)

refusal(
    "app-service-size",
    title="A service does not fit on the machines of its plan",
    why="A process has what its machine has, and no more.",
    source="https://learn.microsoft.com/azure/app-service/app-service-configure-premium-v3-tier",
    matches=r" do not fit on |^no machine of App Service has ",
    bad=_system(
        'machines = shop.app_service_plan("machines", size="P1v3")\n'
        'shop.service("web", "serve", port=8080, cpu=4, host=machines)'
    ),
    good=_system(
        'machines = shop.app_service_plan("machines", size="P2v3")\n'
        'shop.service("web", "serve", port=8080, cpu=4, host=machines)'
    ),
)

refusal(
    "app-service-free",
    title="A plan has machines of the free or shared tier",
    why="They are shared with strangers and cannot join a network, so they reach no store of the system.",
    source="https://learn.microsoft.com/azure/app-service/overview-vnet-integration",
    matches=r" machines cannot join a network$",
    bad=_system('shop.app_service_plan("machines", size="F1")'),
    good=_system('shop.app_service_plan("machines", size="P0v3")'),
)

refusal(
    "app-service-grow",
    title="A plan of the basic tier is to grow by itself",
    why="Plans follow their load from the standard tier on.",
    source=LIMITS,
    matches=r" machines do not scale by themselves$",
    bad=_system('shop.app_service_plan("machines", size="B1", instances=(1, 3))'),
    good=_system('shop.app_service_plan("machines", size="P1v3", instances=(1, 3))'),
)

refusal(
    "app-service-zones",
    title="A plan is to be spread over zones that its region has not",
    why="Such a region has one zone only.",
    source=ZONES,
    matches=r"^\w+ has no availability zones$",
    bad=_system('shop.app_service_plan("machines", instances=(2, 2), zones=True)', region="westus"),
    good=_system('shop.app_service_plan("machines", instances=(2, 2), zones=True)'),
)

refusal(
    "app-service-one-machine",
    title="One machine is to be spread over zones",
    why="Azure spreads two machines or more; one stands where it stands.",
    source=ZONES,
    matches=r"^fewer than two machines cannot be spread over zones$",
    bad=_system('shop.app_service_plan("machines", zones=True)'),
    good=_system('shop.app_service_plan("machines", instances=(2, 4), zones=True)'),
)

# -- Kubernetes ---------------------------------------------------------------------------------------------

refusal(
    "isolated-gpu",
    title="Pods with kernels of their own are to use GPUs",
    why="The kernel of such a pod does not see the devices of its machine.",
    source=ISOLATED,
    matches=r"^a pod with a kernel of its own cannot use a GPU$",
    bad=_system('shop.node_pool("lab", machine="Standard_NC4as_T4_v3", gpus=1, isolated=True)'),
    good=_system('shop.node_pool("lab", machine="Standard_D4s_v5", isolated=True)'),
)

refusal(
    "isolated-machine",
    title="Pods with kernels of their own are to run on machines that run no machines",
    why="Each such pod is a small machine inside the machine; the B, F and N series do not do that.",
    source=ISOLATED,
    matches=r" cannot run machines inside, ",
    bad=_system('shop.node_pool("lab", machine="Standard_B4ms", isolated=True)'),
    good=_system('shop.node_pool("lab", machine="Standard_D4s_v5", isolated=True)'),
)

refusal(
    "gpus-of-the-pool",
    title="A process wants more GPUs than a machine of its pool has",
    why="A pod runs on one machine and gets no GPU of another.",
    source="https://learn.microsoft.com/azure/aks/use-nvidia-gpu",
    matches=r"^gpus=\d+: a machine of ",
    bad=_system(
        'machines = shop.node_pool("machines", machine="Standard_NC4as_T4_v3", gpus=1)\n'
        'shop.worker("trainer", "train", gpus=2, host=machines)'
    ),
    good=_system(
        'machines = shop.node_pool("machines", machine="Standard_NC4as_T4_v3", gpus=1)\n'
        'shop.worker("trainer", "train", gpus=1, host=machines)'
    ),
)

refusal(
    "cluster-addresses",
    title="The network's addresses are those that the cluster has inside",
    why="Pods and services of the cluster would answer in place of what is outside.",
    source="https://learn.microsoft.com/azure/aks/azure-cni-overlay",
    matches=r"^the network's space overlaps .* which the cluster has inside$",
    bad=_system('shop.network("net", space="172.16.0.0/16")\nshop.worker("packer", "pack", host="aks")'),
    good=_system('shop.network("net", space="10.0.0.0/16")\nshop.worker("packer", "pack", host="aks")'),
)
