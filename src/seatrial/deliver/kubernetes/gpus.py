"""What tells the cluster which of its machines have GPUs, so that pods can ask for them: nobody else does.

Source: https://learn.microsoft.com/azure/aks/use-nvidia-gpu; the image by https://github.com/Azure/AgentBaker
(e2e/scenario_gpu_daemonset_test.go)
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from seatrial.azure.pools import taints
from seatrial.azure.stamp import Stamp
from seatrial.deliver.kubernetes import pods
from seatrial.deliver.kubernetes.ground import document, namespace
from seatrial.model import NodePool

__all__ = ["documents", "needed"]

IMAGE = "mcr.microsoft.com/oss/v2/nvidia/k8s-device-plugin:v0.18.2"

PLUGINS = "/var/lib/kubelet/device-plugins"
"""Where the cluster's agent on each machine listens for those who know of devices."""


def needed(at: Stamp) -> bool:
    return any(pool.gpus for pool in at.plan.of(NodePool))


def documents(at: Stamp) -> Iterator[dict[str, Any]]:
    """A pod on each such machine, in a namespace that lets it talk to the machine itself."""
    home = f"{at.plan.name}-gpus"
    yield namespace(home, "privileged", at)
    borne = sorted({taint for pool in at.plan.of(NodePool) if pool.gpus for taint in taints(pool)})
    mine = {"app.kubernetes.io/name": "gpus"}
    made = document(
        "apps/v1",
        "DaemonSet",
        "gpus",
        at,
        spec={
            "selector": {"matchLabels": mine},
            "template": {
                "metadata": {"labels": mine},
                "spec": {
                    "automountServiceAccountToken": False,
                    "priorityClassName": "system-node-critical",
                    "nodeSelector": {"kubernetes.azure.com/accelerator": "nvidia"},
                    "tolerations": pods.tolerations(borne),
                    "containers": [
                        {
                            "name": "gpus",
                            "image": IMAGE,
                            "env": [{"name": "FAIL_ON_INIT_ERROR", "value": "false"}],
                            "resources": {
                                "requests": {"cpu": "10m", "memory": "64Mi"},
                                "limits": {"memory": "128Mi"},
                            },
                            "securityContext": pods.locked(),
                            "volumeMounts": [{"name": "plugins", "mountPath": PLUGINS}],
                        }
                    ],
                    "volumes": [{"name": "plugins", "hostPath": {"path": PLUGINS}}],
                },
            },
        },
    )
    made["metadata"]["namespace"] = home
    yield made
