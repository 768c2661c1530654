"""A graph made by hand, in which every kind of expression is said once: the printers are tested on it."""

from __future__ import annotations

import pytest

from seatrial import System
from seatrial.azure.graph import Graph, Resource, assembled
from seatrial.azure.values import Guid, Id, Known, Out, Parameter, Ref, Suffix, WhenEmpty, join

PASSWORD = Parameter(name="papersPassword", why="The password of the administrator", secret=True)
LIVE = Parameter(name="webLive", why="The revision that serves; empty: the latest", default="")


@pytest.fixture(scope="session")
def harbour() -> Graph:
    """One region: a vault and a secret in it, an identity, its right to the vault, and a process."""
    plan = System("harbour", title="Ships that come and go", region="eastus2").plan()
    vault = Ref(type="Microsoft.KeyVault/vaults", name=join("harbour-", Suffix(region="eastus2")))
    secret = vault.child("secrets", "papers-password")
    identity = Ref(type="Microsoft.ManagedIdentity/userAssignedIdentities", name="web-identity")
    right = Ref(
        type="Microsoft.Authorization/roleAssignments", name=Guid(pieces=(Id(of=vault), Id(of=identity), "r"))
    )
    app = Ref(type="Microsoft.App/containerApps", name="web")
    role = "4633458b-17de-408a-b874-0445c86b69e6"
    here = {"region": "eastus2", "location": "eastus2"}
    role_id = join(
        "/subscriptions/",
        Known(what="subscription"),
        f"/providers/Microsoft.Authorization/roleDefinitions/{role}",
    )
    return assembled(
        plan,
        [
            Resource(
                ref=identity, module="identity", symbol="webIdentity", why="Who the web process is", **here
            ),
            Resource(
                ref=vault,
                module="vault",
                symbol="vault",
                why="Where secrets are kept",
                body={
                    "properties": {
                        "tenantId": Known(what="tenant"),
                        "sku": {"family": "A", "name": "standard"},
                        "networkAcls": {"ipRules": []},
                    }
                },
                **here,
            ),
            Resource(
                ref=secret,
                module="vault",
                region="eastus2",
                symbol="papersPasswordSecret",
                why="The password of the papers' administrator, kept so that it can be read by who needs it",
                body={"properties": {"value": PASSWORD, "contentType": "it's [a] ${text}"}},
            ),
            Resource(
                ref=right,
                module="access",
                region="eastus2",
                symbol="webReadsVault",
                why="The web process reads secrets",
                tagged=False,
                scope=vault,
                body={
                    "properties": {
                        "roleDefinitionId": role_id,
                        "principalId": Out(of=identity, path="properties.principalId"),
                        "principalType": "ServicePrincipal",
                    }
                },
            ),
            Resource(
                ref=app,
                module="compute",
                symbol="web",
                why="Serves the page",
                after=(right,),
                body={
                    "identity": {"type": "UserAssigned", "userAssignedIdentities": {Id(of=identity): {}}},
                    "tags": {join("hidden-link:", Id(of=vault)): "Resource"},
                    "properties": {
                        "configuration": {
                            "ingress": {
                                "targetPort": 8000,
                                "traffic": WhenEmpty(
                                    parameter=LIVE,
                                    then=[{"latestRevision": True, "weight": 100}],
                                    otherwise=[
                                        {"revisionName": LIVE, "weight": 100},
                                        {"latestRevision": True, "weight": 0, "label": "next"},
                                    ],
                                ),
                            }
                        },
                        "template": {
                            "containers": [
                                {
                                    "name": "web",
                                    "image": join("harbour.azurecr.io/web:", LIVE),
                                    "args": ["first line\nsecond line\n", "[all]", "[some] of it"],
                                    "resources": {"cpu": 0.25, "memory": "0.5Gi"},
                                }
                            ]
                        },
                    },
                },
                **here,
            ),
        ],
    )
