// Written by `seatrial build` from the system file: change that, and build again.
// Rights: which identity may do what, with which resource.

// Always the same here, and nowhere else: makes names unique in the world.
var suffix = substring(uniqueString(subscription().id, resourceGroup().name, 'eastus2'), 0, 6)

// The ids of roles, the same everywhere.
var roles = {
  keyVaultSecretsUser: '4633458b-17de-408a-b874-0445c86b69e6'
}

resource webIdentity 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' existing = {
  name: 'web-identity'
}

resource vault 'Microsoft.KeyVault/vaults@2026-02-01' existing = {
  name: 'harbour-${suffix}'
}

// The web process reads secrets.
resource webReadsVault 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: vault
  name: guid(vault.id, webIdentity.id, 'r')
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles.keyVaultSecretsUser)
    principalId: webIdentity.properties.principalId
    principalType: 'ServicePrincipal'
  }
}
