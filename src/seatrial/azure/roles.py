"""Built-in roles of Azure, by name.

Source: https://learn.microsoft.com/azure/role-based-access-control/built-in-roles (page of 2026-04-09); the
one for sessions by https://learn.microsoft.com/azure/container-apps/sessions-usage
"""

from __future__ import annotations

from typing import Literal

__all__ = ["ROLES", "Role"]

Role = Literal[
    "AcrPull",
    "Key Vault Secrets User",
    "Key Vault Certificate User",
    "Storage Blob Data Contributor",
    "Storage Blob Data Reader",
    "Azure Service Bus Data Sender",
    "Azure Service Bus Data Receiver",
    "Cognitive Services OpenAI User",
    "Azure ContainerApps Session Executor",
    "Monitoring Metrics Publisher",
    "Managed Identity Operator",
    "Network Contributor",
    "Azure Kubernetes Service RBAC Cluster Admin",
]

ROLES: dict[Role, str] = {
    "AcrPull": "7f951dda-4ed3-4680-a7ca-43fe172d538d",
    "Key Vault Secrets User": "4633458b-17de-408a-b874-0445c86b69e6",
    "Key Vault Certificate User": "db79e9a7-68ee-4b58-9aeb-b90e7c24fcba",
    "Storage Blob Data Contributor": "ba92f5b4-2d11-453d-a403-e96b0029c9fe",
    "Storage Blob Data Reader": "2a2b9908-6ea1-4ae2-8e65-a410df84e7d1",
    "Azure Service Bus Data Sender": "69a216fc-b8fb-44d8-bc22-1f3c2cd27a39",
    "Azure Service Bus Data Receiver": "4f6d3b9b-027b-4f4c-9142-0e5a2a2247e0",
    "Cognitive Services OpenAI User": "5e0bd9bd-7b93-4f28-af87-19fc36ad61bd",
    "Azure ContainerApps Session Executor": "0fb8eba5-a2bb-4abe-b1c1-49dfad359bb0",
    "Monitoring Metrics Publisher": "3913510d-42f4-4e42-8a64-420c390055eb",
    "Managed Identity Operator": "f1a07417-d97a-45cb-824c-7a7467783830",
    "Network Contributor": "4d97b98b-1d4f-4787-a291-c67834d212e7",
    "Azure Kubernetes Service RBAC Cluster Admin": "b1ff04bb-8a4e-4dc4-8eb5-8693973ce19b",
}
