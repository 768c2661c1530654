"""What stands before any process: the namespace with its walls up, and who a process is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from seatrial.azure import aks, hosts, secret, temporal
from seatrial.azure import identity as identities
from seatrial.azure.reach import exposure
from seatrial.azure.stamp import Stamp
from seatrial.azure.values import Known, Out, Ref
from seatrial.deliver.kubernetes.speech import Speech
from seatrial.model import Process, Service, Temporal

__all__ = [
    "disruption_budget",
    "document",
    "entrance",
    "identity",
    "kustomization",
    "labels",
    "namespace",
    "namespaces",
    "secrets_name",
    "secrets_of",
]

_SECURITY = "pod-security.kubernetes.io"
"""Source: https://kubernetes.io/docs/concepts/security/pod-security-admission/"""


def document(api: str, kind: str, name: str, at: Stamp, of: str | None = None, **rest: Any) -> dict[str, Any]:
    """A document in the system's namespace; `of` is the process that it is for, when its name is another."""
    metadata = {"name": name, "namespace": at.plan.name, "labels": labels(of or name, at)}
    return {"apiVersion": api, "kind": kind, "metadata": metadata, **rest}


def disruption_budget(name: str, at: Stamp) -> dict[str, Any]:
    """Whoever empties a machine takes one replica of a process at a time."""
    chosen = {"matchLabels": {"app.kubernetes.io/name": name}}
    return document(
        "policy/v1", "PodDisruptionBudget", name, at, spec={"maxUnavailable": 1, "selector": chosen}
    )


def labels(name: str, at: Stamp) -> dict[str, str]:
    """By which everything of a process is known.

    Source: https://kubernetes.io/docs/concepts/overview/working-with-objects/common-labels/
    """
    return {
        "app.kubernetes.io/name": name,
        "app.kubernetes.io/part-of": at.plan.name,
        "app.kubernetes.io/managed-by": "seatrial",
    }


def entrance(at: Stamp) -> str:
    """The namespace of the gateways, whose proxies are made by the cluster and are not ours to restrict."""
    return f"{at.plan.name}-entrance"


def kustomization(names: Iterable[str]) -> dict[str, Any]:
    """What belongs together; who deploys adds the registry and the tag of the images."""
    return {
        "apiVersion": "kustomize.config.k8s.io/v1beta1",
        "kind": "Kustomization",
        "resources": list(names),
    }


def namespaces(at: Stamp) -> Iterator[dict[str, Any]]:
    """The system's namespace, in which nobody reaches anybody until a policy says so; and the gateways'."""
    yield namespace(at.plan.name, "restricted", at)
    yield document(
        "networking.k8s.io/v1",
        "NetworkPolicy",
        "nobody-reaches-anybody",
        at,
        spec={"podSelector": {}, "policyTypes": ["Ingress", "Egress"]},
    )
    if any(isinstance(each, Service) and exposure(each, at.plan) == "world" for each in aks.hosted(at.plan)):
        yield namespace(entrance(at), "baseline", at)


def namespace(name: str, level: str, at: Stamp) -> dict[str, Any]:
    """A namespace whose pods may do what a level of Kubernetes' own standard lets them."""
    return {
        "apiVersion": "v1",
        "kind": "Namespace",
        "metadata": {
            "name": name,
            "labels": {
                **labels(name, at),
                f"{_SECURITY}/enforce": level,
                f"{_SECURITY}/enforce-version": f"v{aks.KUBERNETES}",
                f"{_SECURITY}/audit": "restricted",
                f"{_SECURITY}/warn": "restricted",
            },
        },
    }


def identity(part: Process | Temporal, at: Stamp, speech: Speech) -> Iterator[dict[str, Any]]:
    """Who a process is to Azure, and the secrets that it is given out of the vault."""
    client = Out(of=identities.ref(part.name, at), path="properties.clientId")
    who = document("v1", "ServiceAccount", part.name, at, automountServiceAccountToken=False)
    who["metadata"]["annotations"] = {
        "azure.workload.identity/client-id": speech.text(client),
        "azure.workload.identity/tenant-id": speech.text(Known(what="tenant")),
    }
    yield who
    if held := secrets_of(part, at):
        yield document(
            "secrets-store.csi.x-k8s.io/v1",
            "SecretProviderClass",
            part.name,
            at,
            spec={
                "provider": "azure",
                "parameters": {
                    "clientID": speech.text(client),
                    "tenantId": speech.text(Known(what="tenant")),
                    "keyvaultName": speech.text(secret.vault(at).name),
                    "objects": _objects(held.values()),
                },
                "secretObjects": [
                    {
                        "secretName": secrets_name(part),
                        "type": "Opaque",
                        "data": [{"key": name, "objectName": str(each.name)} for name, each in held.items()],
                    }
                ],
            },
        )


def secrets_name(part: Process | Temporal) -> str:
    """The cluster's own secret, into which those of the vault are copied while a pod of the process runs."""
    return f"{part.name}-secrets"


def secrets_of(part: Process | Temporal, at: Stamp) -> Mapping[str, Ref]:
    """The secrets of the vault that a process is given, by the variable."""
    if isinstance(part, Temporal):
        containers = (temporal.first(part, at), *temporal.beside(part, at))
        settings = tuple(each for container in containers for each in container.env)
    else:
        settings = hosts.settings(part, at)
    return {each.name: each.secret for each in settings if each.secret is not None}


def _objects(held: Iterable[Ref]) -> str:
    """YAML in YAML in YAML, as the driver wants it.

    Source: https://azure.github.io/secrets-store-csi-driver-provider-azure/docs/getting-started/usage/
    """
    names = dict.fromkeys(str(each.name) for each in held)
    return "array:\n" + "".join(f"  - |\n    objectName: {name}\n    objectType: secret\n" for name in names)
