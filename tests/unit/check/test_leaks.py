"""What is a leak and what only looks like one: the borders of the rules."""

from __future__ import annotations

import json
from typing import Any

import pytest

from seatrial.check.rule import every_rule

from .conftest import Check

LEAKS = {each.id for each in every_rule() if each.family == "leaks"}
SCHEMA = "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#"


def template(*resources: dict[str, Any], **parts: Any) -> str:
    listed = [{"apiVersion": "2024-01-01", "name": "x", **each} for each in resources]
    return json.dumps({"$schema": SCHEMA, "contentVersion": "1.0.0.0", "resources": listed, **parts})


def app(*env: dict[str, Any], **parts: Any) -> dict[str, Any]:
    containers = [{"name": "x", "env": list(env), **parts}]
    return {"type": "Microsoft.App/containerApps", "properties": {"template": {"containers": containers}}}


def named_value(secret: bool) -> dict[str, Any]:
    body = {"displayName": "x", "secret": secret, "value": "w1nter26"}
    return {"type": "Microsoft.ApiManagement/service/namedValues", "properties": body}


def vault_secret(value: str) -> dict[str, Any]:
    return {"type": "Microsoft.KeyVault/vaults/secrets", "properties": {"value": value}}


def rules_of(checked: Check, text: str) -> set[str]:
    return {each.rule for each in checked(text).findings}


# -- secrets in settings --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name",
    [
        "PASSWORD",
        "MAIL_PASSWORD",
        "PGPASSWORD",
        "DbPassword",
        "API_KEY",
        "OPENAI_API_KEY",
        "ApiKey",
        "ACCOUNT_KEY",
        "GITHUB_TOKEN",
        "CLIENT_SECRET",
        "SECRET_KEY",
        "MAIL_CREDENTIALS",
        "KEY",
    ],
)
def test_a_value_under_a_telling_name_is_a_secret(name: str, checked: Check) -> None:
    assert "secret-in-environment" in rules_of(checked, template(app({"name": name, "value": "winter26x"})))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("MAX_TOKENS", "4096"),
        ("TOKEN_LIMIT", "many"),
        ("PUBLIC_KEY", "MIIBIjANBg"),
        ("PARTITION_KEY", "teacher"),
        ("MONKEY", "see"),
        ("SECRET_NAME", "mail"),
        ("PASSWORD_FILE", "/run/secrets/mail"),
        ("API_KEY", ""),
        ("API_KEY", "/run/secrets/key"),
        ("API_KEY", "${API_KEY}"),
        ("API_KEY", "<your key>"),
        ("REQUIRE_TOKEN", "true"),
        ("PASSWORD", "@Microsoft.KeyVault(SecretUri=https://vault.vault.azure.net/secrets/x)"),
        ("APPINSIGHTS_INSTRUMENTATIONKEY", "00000000-0000-0000-0000-000000000000"),
        ("LOG_LEVEL", "info"),
    ],
)
def test_what_only_looks_like_a_secret_is_none(name: str, value: str, checked: Check) -> None:
    assert "secret-in-environment" not in rules_of(checked, template(app({"name": name, "value": value})))


def test_a_key_that_the_template_looks_up_is_plain_to_its_readers(checked: Check) -> None:
    key = "[listKeys(resourceId('Microsoft.Storage/storageAccounts', 'photos'), '2023-01-01').keys[0].value]"

    found = [each for each in checked(template(app({"name": "PHOTOS", "value": key}))).findings
             if each.rule == "secret-in-environment"]  # fmt: skip

    assert [(each.severity, each.what) for each in found] == [
        ("warning", "the value of PHOTOS is put in plainly when deployed")
    ]


def test_a_secret_of_the_deployment_is_no_plain_setting(checked: Check) -> None:
    parameters = {"password": {"type": "securestring"}, "level": {"type": "string"}}
    secrets = [{"name": "mail", "value": "[parameters('password')]"}]
    written = app(
        {"name": "MAIL_PASSWORD", "secretRef": "mail"}, {"name": "LEVEL", "value": "[parameters('level')]"}
    )
    written["properties"]["configuration"] = {"secrets": secrets}

    found = rules_of(checked, template(written, parameters=parameters))

    assert not found & {"secret-in-environment", "secret-written-down", "secret-parameter-default"}


def test_settings_of_app_service_and_container_instances_are_read_too(checked: Check) -> None:
    config = {
        "type": "Microsoft.Web/sites/config",
        "name": "x/appsettings",
        "properties": {"API_KEY": "w1nter26"},
    }
    group = {
        "type": "Microsoft.ContainerInstance/containerGroups",
        "properties": {
            "containers": [
                {
                    "name": "x",
                    "properties": {"environmentVariables": [{"name": "API_KEY", "value": "w1nter26"}]},
                }
            ]
        },
    }

    assert "secret-in-environment" in rules_of(checked, template(config))
    assert "secret-in-environment" in rules_of(checked, template(group))


@pytest.mark.parametrize(
    ("value", "leaks"),
    [
        ("postgresql://shop:w1nter@db.example.com/shop", True),
        ("postgresql://shop@db.example.com/shop", False),
        ("[format('postgresql://shop:{0}@db/shop', parameters('password'))]", False),
        ("[format('postgresql://shop:w1nter@{0}/shop', parameters('host'))]", True),
        ("Server=db;Database=shop;User Id=shop;Password=w1nter2026;", True),
        ("Server=db;Database=shop;Authentication=Active Directory Managed Identity;", False),
        ("DefaultEndpointsProtocol=https;AccountName=photos;AccountKey=abcdEFGH1234==", True),
        ("DefaultEndpointsProtocol=https;AccountName=photos;AccountKey=<key>", False),
        ("AppEvents | where Password == 'x'", False),
        ("https://example.com/a:b/c@d", False),
    ],
)
def test_credentials_are_found_inside_of_texts(value: str, leaks: bool, checked: Check) -> None:
    parameters = {"password": {"type": "securestring"}, "host": {"type": "string"}}

    found = rules_of(checked, template(app({"name": "STORE", "value": value}), parameters=parameters))

    assert ("secret-written-down" in found) is leaks


@pytest.mark.parametrize(
    ("resource", "leaks"),
    [
        (vault_secret("w1nter26"), True),
        (vault_secret("[parameters('secret')]"), False),
        (named_value(secret=True), True),
        (named_value(secret=False), False),
        ({"type": "Microsoft.Compute/virtualMachines/extensions",
          "properties": {"settings": {"Password": "PrivateSettingsRef:key"}}}, False),
        ({"type": "Microsoft.ContainerService/managedClusters",
          "properties": {"servicePrincipalProfile": {"clientId": "x", "secret": "w1nter26"}}}, True),
    ],
)  # fmt: skip
def test_secrets_are_found_where_they_are_kept(resource: dict[str, Any], leaks: bool, checked: Check) -> None:
    found = rules_of(checked, template(resource, parameters={"secret": {"type": "securestring"}}))

    assert ("secret-written-down" in found) is leaks


def test_no_finding_repeats_the_secret(checked: Check) -> None:
    resources = (
        app(
            {"name": "API_KEY", "value": "w1nter26"}, {"name": "DB", "value": "redis://:w1nter26@cache:6380"}
        ),
        {"type": "Microsoft.Sql/servers", "properties": {"administratorLoginPassword": "w1nter26"}},
    )
    asked = {"password": {"type": "securestring", "defaultValue": "w1nter26"}}

    report = checked(template(*resources, parameters=asked))

    assert len({each.rule for each in report.findings} & SECRETS) == len(SECRETS)
    assert "w1nter26" not in repr(report)


SECRETS = {"secret-in-environment", "secret-written-down", "secret-parameter-default"}


@pytest.mark.parametrize(
    ("line", "leaks"),
    [
        ("# ghp" + "_0a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8s", True),
        ("# https://hooks.slack.com/services" + "/T0000001/B0000001/abcdefghij", True),
        ("# -----BEGIN RSA" + " PRIVATE KEY-----", True),
        ('# "' + "Zk3vQ9xT7bL2mW8yR5cN1pH6sD4fG0jKuA" + '"', True),  # 34 letters and digits without a word
        ('# "' + "0123456789abcdef" * 2 + "01234567" + '"', True),  # as a key of 20 bytes in hexadecimal
        ('# "aVeryLongNameThatSomebodyGaveToAPartOfTheSystem1"', False),
        ('# "00000000-0000-0000-0000-000000000000"', False),
        ('# "https://example.com/status-0123456789abcdef"', False),
        ("# a key of 32 bytes", False),
    ],
)
def test_tokens_are_found_in_the_text_of_a_system(line: str, leaks: bool, checked: Check) -> None:
    text = f'from seatrial import System\n\nshop = System("shop")\n{line}\n'

    found = [each for each in checked(text).findings if each.rule == "token-in-system-file"]

    assert bool(found) is leaks
    assert all(each.what.startswith("line 4: ") for each in found)


# -- ports, images, rights ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rule", "leaks"),
    [
        ({"sourceAddressPrefix": "Internet", "destinationPortRange": "22"}, "SSH"),
        ({"sourceAddressPrefix": "0.0.0.0/0", "destinationPortRange": "3000-4000"}, "RDP"),
        (
            {"sourceAddressPrefixes": ["10.0.0.0/8", "*"], "destinationPortRanges": ["443", "5432"]},
            "PostgreSQL",
        ),
        ({"sourceAddressPrefix": "*", "destinationPortRange": "*"}, "every port"),
        ({"sourceAddressPrefix": "*", "destinationPortRange": "443"}, None),
        ({"sourceAddressPrefix": "VirtualNetwork", "destinationPortRange": "22"}, None),
        ({"sourceAddressPrefix": "*", "destinationPortRange": "22", "access": "Deny"}, None),
        ({"sourceAddressPrefix": "*", "destinationPortRange": "22", "direction": "Outbound"}, None),
        ({"sourceAddressPrefix": "[parameters('office')]", "destinationPortRange": "22"}, None),
    ],
)
def test_ports_are_open_to_all_or_not(rule: dict[str, Any], leaks: str | None, checked: Check) -> None:
    body = {"direction": "Inbound", "access": "Allow", "protocol": "Tcp", **rule}
    group = {
        "type": "Microsoft.Network/networkSecurityGroups",
        "properties": {"securityRules": [{"name": "in", "properties": body}]},
    }
    alone = {
        "type": "Microsoft.Network/networkSecurityGroups/securityRules",
        "name": "x/in",
        "properties": body,
    }

    for each in (group, alone):
        text = template(each, parameters={"office": {"type": "string"}})
        found = [each.what for each in checked(text).findings if each.rule == "port-open-to-all"]
        assert bool(found) is bool(leaks)
        assert all(str(leaks) in what and "rule in " in what for what in found)


@pytest.mark.parametrize(
    ("image", "rules"),
    [
        ("shop.azurecr.io/shop:1.2", set()),
        ("shop.azurecr.io/shop@sha256:" + "0" * 64, set()),
        ("mcr.microsoft.com/azuredocs/aci-helloworld", {"image-not-pinned"}),
        ("mcr.microsoft.com/k8se/quickstart:latest", {"image-not-pinned"}),
        ("nginx", {"image-not-pinned", "image-of-others"}),
        ("somebody/shop:1.2", {"image-of-others"}),
        ("ghcr.io/somebody/shop:1.2", {"image-of-others"}),
        ("localhost:5000/shop:1.2", {"image-of-others"}),
        ("[parameters('image')]", set()),
        ("[format('{0}/shop:{1}', parameters('registry'), parameters('tag'))]", set()),
        ("[format('{0}/shop:latest', parameters('registry'))]", {"image-not-pinned"}),
    ],
)
def test_images_are_pinned_and_known_or_not(image: str, rules: set[str], checked: Check) -> None:
    parameters = {name: {"type": "string"} for name in ("image", "registry", "tag")}

    found = rules_of(checked, template(app(image=image), parameters=parameters))

    assert found & {"image-not-pinned", "image-of-others"} == rules


def test_a_registry_that_is_signed_in_to_is_no_strangers(checked: Check) -> None:
    written = app(image="registry.example.com/shop:1.2")
    written["properties"]["configuration"] = {
        "registries": [{"server": "registry.example.com", "identity": "shop"}]
    }

    assert "image-of-others" not in rules_of(checked, template(written))


@pytest.mark.parametrize(
    ("capability", "leaks"),
    [("EnableServerless", True), ("EnableNoSQLVectorSearch", True), ("EnableGremlin", False)],
)
def test_keys_are_refused_where_identities_can_sign_in(capability: str, leaks: bool, checked: Check) -> None:
    account = {
        "type": "Microsoft.DocumentDB/databaseAccounts",
        "properties": {"capabilities": [{"name": capability}]},
    }

    assert ("cosmos-keys" in rules_of(checked, template(account))) is leaks


@pytest.mark.parametrize(
    ("properties", "leaks"),
    [
        ({}, True),
        ({"publicNetworkAccess": "Disabled"}, False),
        ({"apiServerAccessProfile": {"authorizedIPRanges": ["203.0.113.0/24"]}}, False),
        ({"apiServerAccessProfile": {"authorizedIPRanges": ["0.0.0.0/0"]}}, True),
        ({"apiServerAccessProfile": {"enablePrivateCluster": "[parameters('private')]"}}, False),
    ],
)
def test_a_cluster_answers_the_world_or_not(properties: dict[str, Any], leaks: bool, checked: Check) -> None:
    cluster = {"type": "Microsoft.ContainerService/managedClusters", "properties": properties}

    found = rules_of(checked, template(cluster, parameters={"private": {"type": "bool"}}))

    assert ("cluster-answers-the-world" in found) is leaks


OWNER, CONTRIBUTOR, READER = (
    "8e3af657-a8ff-443c-a75c-2fe8c4bcb635",
    "b24988ac-6180-42a0-ab88-20f7382dd24c",
    "acdd72a7-3385-48ef-bd42-f606fba81ae7",
)


@pytest.mark.parametrize(
    ("role", "scope", "severity"),
    [
        (OWNER, None, "error"),
        (CONTRIBUTOR, None, "warning"),
        (CONTRIBUTOR, "[subscription().id]", "error"),
        (READER, None, None),
        (OWNER, "[resourceId('Microsoft.Storage/storageAccounts', 'photos')]", None),
        (OWNER, "[parameters('where')]", None),
    ],
)
def test_a_role_is_too_wide_or_not(
    role: str, scope: str | None, severity: str | None, checked: Check
) -> None:
    definition = f"[subscriptionResourceId('Microsoft.Authorization/roleDefinitions', '{role}')]"
    right: dict[str, Any] = {
        "type": "Microsoft.Authorization/roleAssignments",
        "properties": {"roleDefinitionId": definition},
    }
    text = template(right | ({"scope": scope} if scope else {}), parameters={"where": {"type": "string"}})

    found = [each.severity for each in checked(text).findings if each.rule == "wide-role"]

    assert found == ([severity] if severity else [])


# -- logs, and what is not known ------------------------------------------------------------------------


VAULT = "[resourceId('Microsoft.KeyVault/vaults', 'x')]"


def settings(scope: str, logs: Any) -> dict[str, Any]:
    return {"type": "Microsoft.Insights/diagnosticSettings", "scope": scope, "properties": {"logs": logs}}


@pytest.mark.parametrize(
    ("scope", "logs", "kept"),
    [
        (
            "[resourceId('Microsoft.KeyVault/vaults', 'x')]",
            [{"category": "AuditEvent", "enabled": True}],
            True,
        ),
        (
            "[resourceId('Microsoft.KeyVault/vaults', 'x')]",
            [{"category": "AuditEvent", "enabled": False}],
            False,
        ),
        ("[resourceId('Microsoft.KeyVault/vaults', 'x')]", [], False),
        ("[resourceId('Microsoft.KeyVault/vaults', 'x')]", "[parameters('logs')]", True),
        ("[resourceId('Microsoft.Storage/storageAccounts', 'x')]", [{"categoryGroup": "audit"}], False),
        ("[parameters('where')]", [{"categoryGroup": "audit", "enabled": True}], True),
    ],
)
def test_a_vault_keeps_logs_or_not(scope: str, logs: Any, kept: bool, checked: Check) -> None:
    parameters = {"where": {"type": "string"}, "logs": {"type": "array"}}
    vault = {"type": "Microsoft.KeyVault/vaults", "properties": {}}

    found = rules_of(checked, template(vault, settings(scope, logs), parameters=parameters))

    assert ("no-audit-log" in found) is not kept


def test_what_only_the_deployment_knows_is_no_leak(checked: Check) -> None:
    account = {
        "type": "Microsoft.Storage/storageAccounts",
        "properties": {
            name: f"[parameters('{name}')]"
            for name in ("allowSharedKeyAccess", "publicNetworkAccess", "minimumTlsVersion", "networkAcls")
        },
    }
    parameters = {name: {"type": "string"} for name in account["properties"]}

    assert not rules_of(checked, template(account, parameters=parameters)) & LEAKS


def test_properties_that_are_one_expression_are_no_leak(checked: Check) -> None:
    vault = {"type": "Microsoft.KeyVault/vaults", "properties": "[parameters('all')]"}

    found = rules_of(checked, template(vault, parameters={"all": {"type": "object"}}))

    assert found & LEAKS <= {"no-audit-log"}
