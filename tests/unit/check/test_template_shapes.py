"""Templates as people write them, whole: what is found in them, and where."""

from __future__ import annotations

from seatrial.check.checking import check_things
from seatrial.check.rule import every_rule
from seatrial.check.template import Template, read, read_answers

LEAKS = {each.id for each in every_rule() if each.family == "leaks"}

MACHINE = """{
  "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
  "contentVersion": "1.0.0.0",
  "parameters": {
    "name": {"type": "string", "defaultValue": "jump"},
    "signIn": {"type": "string", "defaultValue": "password", "allowedValues": ["password", "key"]},
    "passwordOrKey": {"type": "securestring"},
    "disks": {"type": "int", "defaultValue": 2},
    "location": {"type": "string", "defaultValue": "[resourceGroup().location]"}
  },
  "variables": {
    "group": "[concat(parameters('name'), '-nsg')]",
    "linux": {"disablePasswordAuthentication": true, "ssh": {"publicKeys": [
      {"path": "/home/me/.ssh/authorized_keys", "keyData": "[parameters('passwordOrKey')]"}]}}
  },
  "resources": [
    {
      "type": "Microsoft.Network/networkSecurityGroups", "apiVersion": "2023-09-01",
      "name": "[variables('group')]", "location": "[parameters('location')]",
      "properties": {"securityRules": [{"name": "ssh", "properties": {
        "priority": 1000, "protocol": "TCP", "access": "Allow", "direction": "Inbound",
        "sourceAddressPrefix": "*", "sourcePortRange": "*",
        "destinationAddressPrefix": "*", "destinationPortRange": "22"}}]}
    },
    {
      "type": "Microsoft.Compute/virtualMachines", "apiVersion": "2023-09-01",
      "name": "[parameters('name')]", "location": "[parameters('location')]",
      "dependsOn": ["[resourceId('Microsoft.Network/networkSecurityGroups', variables('group'))]"],
      "properties": {
        "storageProfile": {"copy": [{"name": "dataDisks", "count": "[parameters('disks')]", "input": {
          "lun": "[copyIndex('dataDisks')]", "createOption": "Empty", "diskSizeGB": 128}}]},
        "osProfile": {
          "computerName": "[parameters('name')]",
          "adminUsername": "me",
          "adminPassword": "[parameters('passwordOrKey')]",
          "linuxConfiguration":
            "[if(equals(parameters('signIn'), 'password'), null(), variables('linux'))]"
        }
      }
    }
  ],
  "outputs": {"group": {"type": "string", "value": "[variables('group')]"}}
}"""


def leaks(found: Template) -> set[tuple[str, int]]:
    """What is found, with the line."""
    return {
        (each.rule, each.place.line)
        for each in check_things(found.things).findings
        if each.rule in LEAKS and each.place is not None
    }


def test_a_machine_as_quickstarts_write_it() -> None:
    # Given a machine whose port for SSH is open to all, with a password unless a key is asked for
    found = read(MACHINE, "azuredeploy.json")

    # Then the open port is found where it stands, the disks are two, and the password is not known
    group, machine = found.resources
    assert (group.name, machine.location) == ("jump-nsg", None)
    assert [each["lun"] for each in machine.at("properties.storageProfile.dataDisks")] == [0, 1]
    assert machine.at("properties.osProfile.adminPassword") is None
    assert ("port-open-to-all", 17) in leaks(found)


def test_the_answers_beside_a_template_are_searched_too() -> None:
    answers = read_answers(
        '{"parameters": {"passwordOrKey": {"value": "w1nter26"}, "disks": {"value": 0}}}',
        "azuredeploy.parameters.json",
    )

    found = read(MACHINE, "azuredeploy.json", answers)

    assert ("secret-parameter-default", 7) in leaks(found)
    assert found.resources[1].at("properties.storageProfile.dataDisks") == []


COMPILED = """{
  "$schema": "https://schema.management.azure.com/schemas/2018-05-01/subscriptionDeploymentTemplate.json#",
  "languageVersion": "2.0",
  "contentVersion": "1.0.0.0",
  "metadata": {"_generator": {"name": "bicep", "version": "0.37.4.10188"}},
  "parameters": {"environmentName": {"type": "string", "minLength": 1}, "location": {"type": "string"}},
  "variables": {"$fxv#0": {"vault": "kv-"}, "token":
    "[toLower(uniqueString(subscription().id, parameters('environmentName')))]"},
  "resources": {
    "group": {
      "type": "Microsoft.Resources/resourceGroups", "apiVersion": "2024-03-01",
      "name": "[format('rg-{0}', parameters('environmentName'))]", "location": "[parameters('location')]"
    },
    "web": {
      "type": "Microsoft.Resources/deployments", "apiVersion": "2022-09-01", "name": "web",
      "resourceGroup": "[format('rg-{0}', parameters('environmentName'))]",
      "properties": {
        "expressionEvaluationOptions": {"scope": "inner"},
        "mode": "Incremental",
        "parameters": {
          "vaultName": {"value": "[format('{0}{1}', variables('$fxv#0').vault, variables('token'))]"},
          "tier": {"value": "[if(equals(parameters('location'), 'eastus2'), 'B1', 'P1v3')]"}
        },
        "template": {
          "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
          "languageVersion": "2.0",
          "contentVersion": "1.0.0.0",
          "parameters": {"vaultName": {"type": "string"}, "tier": {"type": "string"}},
          "resources": {
            "vault": {
              "existing": true, "type": "Microsoft.KeyVault/vaults", "apiVersion": "2023-07-01",
              "name": "[parameters('vaultName')]"
            },
            "site": {
              "type": "Microsoft.Web/sites", "apiVersion": "2024-11-01", "name": "shop",
              "identity": {"type": "SystemAssigned"},
              "properties": {"siteConfig": {"ftpsState": "FtpsOnly", "minTlsVersion": "1.2", "appSettings": [
                {"name": "VAULT", "value": "[reference('vault').vaultUri]"},
                {"name": "STORE", "value":
              "[listKeys(resourceId('Microsoft.Storage/storageAccounts', 'x'), '2023-05-01').keys[0].value]"}
              ]}}
            },
            "right": {
              "type": "Microsoft.Authorization/roleAssignments", "apiVersion": "2022-04-01",
              "scope": "[format('Microsoft.KeyVault/vaults/{0}', parameters('vaultName'))]",
              "name": "[guid(parameters('vaultName'), 'reader')]",
              "properties": {
                "principalId": "[reference('site', '2024-11-01', 'full').identity.principalId]",
                "roleDefinitionId": "[subscriptionResourceId('Microsoft.Authorization/roleDefinitions',
                  '8e3af657-a8ff-443c-a75c-2fe8c4bcb635')]"
              },
              "dependsOn": ["site", "vault"]
            }
          },
          "outputs": {"store": {"type": "string", "value":
            "[listKeys(resourceId('Microsoft.Storage/storageAccounts', 'x'), '2023-05-01').keys[0].value]"}}
        }
      },
      "dependsOn": ["group"]
    }
  }
}"""


def test_compiled_bicep_with_a_module() -> None:
    # Given a module with a web app, and an owner of one vault that is there already
    found = read(COMPILED, "main.json")

    # Then its resources are found, not the vault; and the key in settings and output, each at its line
    assert [each.name for each in found.resources] == ["rg-…", "shop", "…"]
    assert found.resources[2].about == "Microsoft.KeyVault/vaults"
    assert leaks(found) == {
        ("plain-http", 34),
        ("secret-in-environment", 34),
        ("secret-in-output", 55),
    }
