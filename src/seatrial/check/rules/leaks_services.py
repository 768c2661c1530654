"""Will it leak: the vault, queues, models and images, who reaches them and by what key."""

from __future__ import annotations

from collections.abc import Iterator

from seatrial.azure.values import expressions
from seatrial.check.reading import each_in, text
from seatrial.check.rule import Found, thing_rule
from seatrial.check.rules.leaks_stores import public, said
from seatrial.check.thing import Thing, Things

VAULT = "Microsoft.KeyVault/vaults"
SERVICE_BUS = "Microsoft.ServiceBus/namespaces"
EVENT_HUBS = "Microsoft.EventHub/namespaces"
MODELS = "Microsoft.CognitiveServices/accounts"
REGISTRY = "Microsoft.ContainerRegistry/registries"
APIS = "Microsoft.ApiManagement/service"


@thing_rule(
    "vault-purge-protection",
    types=(VAULT,),
    severity="warning",
    family="leaks",
    title="A vault can be emptied for good",
    why="Without purge protection whoever may delete the vault, a thief too, destroys every key at once.",
    source="https://learn.microsoft.com/azure/key-vault/general/soft-delete-overview",
    bad="""{"type": "Microsoft.KeyVault/vaults", "name": "vault",
 "properties": {"enableRbacAuthorization": true, "publicNetworkAccess": "Disabled"}}""",
    good="""{"type": "Microsoft.KeyVault/vaults", "name": "vault",
 "properties": {"enablePurgeProtection": true, "enableRbacAuthorization": true,
  "publicNetworkAccess": "Disabled"}}""",
)
def vault_purge_protection(thing: Thing, things: Things) -> Iterator[Found]:
    """Off by default; soft delete is on by default."""
    if thing.at("properties.enableSoftDelete") is False:
        yield Found(what="what is deleted cannot be brought back", fix='"enableSoftDelete": true')
    if thing.or_default("properties.enablePurgeProtection", False) is False:
        yield Found(what="purge protection is off", fix='"enablePurgeProtection": true')


@thing_rule(
    "vault-access-policies",
    types=(VAULT,),
    severity="warning",
    family="leaks",
    title="A vault gives rights by access policies, not by roles",
    why="A policy opens all secrets of the vault or none, and whoever may change it gives himself one.",
    source="https://learn.microsoft.com/azure/key-vault/general/rbac-access-policy",
    bad="""{"type": "Microsoft.KeyVault/vaults", "name": "vault", "apiVersion": "2023-07-01",
 "properties": {"accessPolicies": []}}""",
    good="""{"type": "Microsoft.KeyVault/vaults", "name": "vault", "apiVersion": "2023-07-01",
 "properties": {"enableRbacAuthorization": true}}""",
)
def vault_access_policies(thing: Thing, things: Things) -> Iterator[Found]:
    """False by default, by the ARM schemas of Microsoft.KeyVault up to 2026-02-01; for later ones it is asked
    only whether it is refused."""
    default = text(thing, "apiVersion") >= "2026-02-01"
    if thing.or_default("properties.enableRbacAuthorization", default) is False:
        yield Found(what="rights come from access policies", fix='"enableRbacAuthorization": true')
    for each in each_in(thing, "properties.accessPolicies"):
        kinds = ("secrets", "keys", "certificates")
        if any("all" in map(str, each.at(f"permissions.{kind}") or ()) for kind in kinds):
            yield Found(
                what="a policy gives all rights over what the vault holds",
                fix='the role "Key Vault Secrets User" on the one secret',
            )


@thing_rule(
    "vault-public-network",
    types=(VAULT,),
    severity="warning",
    family="leaks",
    title="A vault answers everybody on the internet",
    why="A leaked token of any reader is then enough, from anywhere, to take every secret that he may read.",
    source="https://learn.microsoft.com/azure/key-vault/general/network-security",
    bad="""{"type": "Microsoft.KeyVault/vaults", "name": "vault", "properties": {}}""",
    good="""{"type": "Microsoft.KeyVault/vaults", "name": "vault",
 "properties": {"publicNetworkAccess": "Disabled"}}""",
)
def vault_public_network(thing: Thing, things: Things) -> Iterator[Found]:
    """By default any network is let in."""
    if public(thing) and said(thing, "properties.networkAcls.defaultAction", "Allow") == "allow":
        yield Found(what="any network is let in", fix='"publicNetworkAccess": "Disabled"')


@thing_rule(
    "key-never-rotates",
    types=(f"{VAULT}/keys",),
    severity="note",
    family="leaks",
    title="A key of the vault is never replaced",
    why="A key that nobody replaces stays good for whoever once took it; the vault can do it by itself.",
    source="https://learn.microsoft.com/azure/key-vault/keys/how-to-configure-key-rotation",
    bad="""{"type": "Microsoft.KeyVault/vaults/keys", "name": "vault/disk", "properties": {"kty": "RSA"}}""",
    good="""{"type": "Microsoft.KeyVault/vaults/keys", "name": "vault/disk", "properties": {"kty": "RSA",
 "rotationPolicy": {"lifetimeActions": [{"trigger": {"timeAfterCreate": "P90D"},
  "action": {"type": "rotate"}}]}}}""",
)
def key_never_rotates(thing: Thing, things: Things) -> Iterator[Found]:
    path = "properties.rotationPolicy.lifetimeActions"
    turns = any(text(each, "action.type").lower() == "rotate" for each in each_in(thing, path))
    if not turns and not thing.unknown(path) and not expressions(thing.at(path) or ()):
        turn = '{"trigger": {"timeAfterCreate": "P90D"}, "action": {"type": "rotate"}}'
        fix = f'"rotationPolicy": {{"lifetimeActions": [{turn}]}}'
        yield Found(what="no rule replaces it", fix=fix)


@thing_rule(
    "messages-shared-keys",
    types=(SERVICE_BUS, EVENT_HUBS),
    severity="error",
    family="leaks",
    title="Service Bus or Event Hubs take shared keys",
    why="Every namespace is born with a key that may do all, and it works for whoever has it unless refused.",
    source="https://learn.microsoft.com/azure/service-bus-messaging/disable-local-authentication",
    bad="""{"type": "Microsoft.ServiceBus/namespaces", "name": "shop-work", "properties": {}}""",
    good="""{"type": "Microsoft.ServiceBus/namespaces", "name": "shop-work",
 "properties": {"disableLocalAuth": true}}""",
)
def messages_shared_keys(thing: Thing, things: Things) -> Iterator[Found]:
    if thing.or_default("properties.disableLocalAuth", False) is False:
        yield Found(what="shared keys are allowed", fix='"disableLocalAuth": true')


@thing_rule(
    "messages-public-network",
    types=(SERVICE_BUS, EVENT_HUBS),
    severity="warning",
    family="leaks",
    title="Service Bus or Event Hubs answer everybody on the internet, or take TLS older than 1.2",
    why="Only the premium tier of Service Bus can be closed to it; what waits there is often personal.",
    source="https://learn.microsoft.com/azure/service-bus-messaging/network-security",
    bad="""{"type": "Microsoft.ServiceBus/namespaces", "name": "shop-work", "sku": {"name": "Premium"},
 "properties": {"publicNetworkAccess": "Enabled"}}""",
    good="""{"type": "Microsoft.ServiceBus/namespaces", "name": "shop-work", "sku": {"name": "Premium"},
 "properties": {"publicNetworkAccess": "Disabled"}}""",
)
def messages_public_network(thing: Thing, things: Things) -> Iterator[Found]:
    """Told where the tier could close it: premium of Service Bus, all but basic of Event Hubs."""
    tier = text(thing, "sku.name").lower()
    closes = tier == "premium" or (tier == "standard" and thing.type.lower() == EVENT_HUBS.lower())
    if closes and public(thing):
        yield Found(what="any network is let in", fix='"publicNetworkAccess": "Disabled"')
    if text(thing, "properties.minimumTlsVersion") in ("1.0", "1.1"):
        yield Found(
            what=f"TLS {text(thing, 'properties.minimumTlsVersion')} is taken",
            fix='"minimumTlsVersion": "1.2"',
        )


@thing_rule(
    "model-api-keys",
    types=(MODELS,),
    severity="error",
    family="leaks",
    title="Azure OpenAI, or another AI service, takes keys",
    why="A leaked key spends your money and quota in another's name; an identity's right can be taken back.",
    source="https://learn.microsoft.com/azure/ai-services/disable-local-auth",
    bad="""{"type": "Microsoft.CognitiveServices/accounts", "name": "openai", "kind": "OpenAI",
 "properties": {}}""",
    good="""{"type": "Microsoft.CognitiveServices/accounts", "name": "openai", "kind": "OpenAI",
 "properties": {"disableLocalAuth": true}}""",
)
def model_api_keys(thing: Thing, things: Things) -> Iterator[Found]:
    if thing.or_default("properties.disableLocalAuth", False) is False:
        yield Found(what="keys are allowed", fix='"disableLocalAuth": true')


@thing_rule(
    "model-api-public-network",
    types=(MODELS,),
    severity="warning",
    family="leaks",
    title="Azure OpenAI, or another AI service, answers everybody on the internet",
    why="With a key or a token, prompts are answered from anywhere, on your account.",
    source="https://learn.microsoft.com/azure/ai-services/cognitive-services-virtual-networks",
    bad="""{"type": "Microsoft.CognitiveServices/accounts", "name": "openai", "kind": "OpenAI",
 "properties": {}}""",
    good="""{"type": "Microsoft.CognitiveServices/accounts", "name": "openai", "kind": "OpenAI",
 "properties": {"publicNetworkAccess": "Disabled"}}""",
)
def model_api_public_network(thing: Thing, things: Things) -> Iterator[Found]:
    if public(thing) and said(thing, "properties.networkAcls.defaultAction", "Allow") == "allow":
        yield Found(what="any network is let in", fix='"publicNetworkAccess": "Disabled"')


@thing_rule(
    "registry-admin",
    types=(REGISTRY,),
    severity="error",
    family="leaks",
    title="A container registry has its admin user on, or lets anybody pull",
    why="The admin's one password may overwrite every image that runs; whoever pulls them reads your code.",
    source="https://learn.microsoft.com/azure/container-registry/container-registry-authentication",
    bad="""{"type": "Microsoft.ContainerRegistry/registries", "name": "images",
 "properties": {"adminUserEnabled": true}}""",
    good="""{"type": "Microsoft.ContainerRegistry/registries", "name": "images",
 "properties": {"adminUserEnabled": false}}""",
)
def registry_admin(thing: Thing, things: Things) -> Iterator[Found]:
    """Both are off by default."""
    if thing.at("properties.adminUserEnabled") is True:
        yield Found(what="the admin user is on", fix='"adminUserEnabled": false, and the role AcrPull')
    if thing.at("properties.anonymousPullEnabled") is True:
        yield Found(what="anybody may pull images", fix='"anonymousPullEnabled": false')


@thing_rule(
    "registry-public-network",
    types=(REGISTRY,),
    severity="warning",
    family="leaks",
    title="A container registry answers everybody on the internet",
    why="A leaked token of one who may push is then enough to change what you run, from anywhere.",
    source="https://learn.microsoft.com/azure/container-registry/container-registry-private-link",
    bad="""{"type": "Microsoft.ContainerRegistry/registries", "name": "images",
 "sku": {"name": "Premium"}}""",
    good="""{"type": "Microsoft.ContainerRegistry/registries", "name": "images", "sku": {"name": "Premium"},
 "properties": {"publicNetworkAccess": "Disabled"}}""",
)
def registry_public_network(thing: Thing, things: Things) -> Iterator[Found]:
    """Only the premium tier can be closed; of the others it is a note."""
    if not public(thing) or said(thing, "properties.networkRuleSet.defaultAction", "Allow") != "allow":
        return
    tier = text(thing, "sku.name")
    if tier == "Premium":
        yield Found(what="any network is let in", fix='"publicNetworkAccess": "Disabled"')
    elif tier:
        fix = 'tier="premium"' if thing.part or things_are_ours(things) else '"sku": {"name": "Premium"}'
        yield Found(
            what=f"the {tier.lower()} tier cannot be closed to the internet", fix=fix, severity="note"
        )


def things_are_ours(things: Things) -> bool:
    """Whether they come from a system file, where a fix is said in its words."""
    return any(each.part is not None for each in things.all)


@thing_rule(
    "api-without-subscription",
    types=(f"{APIS}/products",),
    severity="warning",
    family="leaks",
    title="A product of API Management is open to all",
    why="Nobody is known who calls it, so nobody can be limited or shut out by himself.",
    source="https://learn.microsoft.com/azure/api-management/api-management-howto-add-products",
    bad="""{"type": "Microsoft.ApiManagement/service/products", "name": "gateway/demo",
 "properties": {"displayName": "demo", "subscriptionRequired": false}}""",
    good="""{"type": "Microsoft.ApiManagement/service/products", "name": "gateway/demo",
 "properties": {"displayName": "demo", "subscriptionRequired": true}}""",
)
def api_without_subscription(thing: Thing, things: Things) -> Iterator[Found]:
    """Required by default."""
    if thing.at("properties.subscriptionRequired") is False:
        yield Found(what="no subscription is asked for", fix='"subscriptionRequired": true')


@thing_rule(
    "api-old-tls",
    types=(APIS,),
    severity="error",
    family="leaks",
    title="API Management takes TLS older than 1.2",
    why="Older TLS can be read on the way, subscription keys included.",
    source="https://learn.microsoft.com/azure/api-management/api-management-howto-manage-protocols-ciphers",
    bad="""{"type": "Microsoft.ApiManagement/service", "name": "gateway", "properties": {"customProperties":
 {"Microsoft.WindowsAzure.ApiManagement.Gateway.Security.Protocols.Tls10": "True"}}}""",
    good="""{"type": "Microsoft.ApiManagement/service", "name": "gateway", "properties": {"customProperties":
 {"Microsoft.WindowsAzure.ApiManagement.Gateway.Security.Protocols.Tls10": "False"}}}""",
)
def api_old_tls(thing: Thing, things: Things) -> Iterator[Found]:
    """Their names have dots in them, so that they are no path."""
    settings = thing.at("properties.customProperties")
    for name, value in settings.items() if isinstance(settings, dict) else ():
        old = str(name).rpartition(".")[2]
        if old in ("Tls10", "Tls11", "Ssl30") and str(value).lower() == "true":
            yield Found(what=f"{old} is taken, by {name}", fix=f'"{name}": "False"')


@thing_rule(
    "api-gateway-can-be-passed-by",
    types=(APIS,),
    severity="warning",
    family="leaks",
    title="API Management can be reached past the entrance that stands before it",
    why="Whoever knows the gateway's own address asks there, past the firewall and its limits.",
    source="https://learn.microsoft.com/azure/api-management/front-door-api-management",
    bad="""[{"type": "Microsoft.Cdn/profiles", "name": "door", "sku": {"name": "Premium_AzureFrontDoor"}},
 {"type": "Microsoft.ApiManagement/service", "name": "gateway", "properties": {}}]""",
    good="""[{"type": "Microsoft.Cdn/profiles", "name": "door", "sku": {"name": "Premium_AzureFrontDoor"}},
 {"type": "Microsoft.ApiManagement/service", "name": "gateway",
  "properties": {"publicNetworkAccess": "Disabled"}}]""",
)
def api_gateway_can_be_passed_by(thing: Thing, things: Things) -> Iterator[Found]:
    """Not one inside of a network, nor one that asks for the header of its Front Door, or for addresses."""
    doors = [each for each in things.of("Microsoft.Cdn/profiles") if "FrontDoor" in text(each, "sku.name")]
    entrances = [*doors, *things.of("Microsoft.Network/applicationGateways")]
    policies = [
        each.text("properties.value") for each in things.of(f"{APIS}/policies", f"{APIS}/apis/policies")
    ]
    asks = any(policy is None or "X-Azure-FDID" in policy or "ip-filter" in policy for policy in policies)
    inside = said(thing, "properties.virtualNetworkType", "None") != "none"
    if entrances and not asks and not inside and public(thing):
        yield Found(
            what=f"{entrances[0].name} stands before it, and its own address answers all the same",
            fix='"publicNetworkAccess": "Disabled"; or a policy that checks the header X-Azure-FDID',
        )
