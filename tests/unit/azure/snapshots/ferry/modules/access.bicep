// Written by `seatrial build` from the system file: change that, and build again.
// Rights: which identity may do what, with which resource.

@description('The principalId of desk-identity')
param deskIdentityPrincipalId string

// Always the same here, and nowhere else: makes names unique in the world.
var suffix = substring(uniqueString(subscription().id, resourceGroup().name, 'westeurope'), 0, 6)

// The ids of roles, the same everywhere.
var roles = {
  acrPull: '7f951dda-4ed3-4680-a7ca-43fe172d538d'
  keyVaultSecretsUser: '4633458b-17de-408a-b874-0445c86b69e6'
  monitoringMetricsPublisher: '3913510d-42f4-4e42-8a64-420c390055eb'
  storageBlobDataReader: '2a2b9908-6ea1-4ae2-8e65-a410df84e7d1'
}

resource insights 'Microsoft.Insights/components@2020-02-02' existing = {
  name: 'ferry-insights'
}

resource deskIdentity 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' existing = {
  name: 'desk-identity'
}

resource registry 'Microsoft.ContainerRegistry/registries@2025-11-01' existing = {
  name: 'ferry${suffix}'
}

resource crossingsServer 'Microsoft.DBforPostgreSQL/flexibleServers@2025-08-01' existing = {
  name: 'ferry-crossings-${suffix}'
}

resource vault 'Microsoft.KeyVault/vaults@2026-02-01' existing = {
  name: 'ferry-${suffix}'
}

resource harbourKeySecret 'Microsoft.KeyVault/vaults/secrets@2026-02-01' existing = {
  parent: vault
  name: 'harbour-key'
}

resource blobsZRS 'Microsoft.Storage/storageAccounts@2026-04-01' existing = {
  name: 'ferryzrs${suffix}'
}

resource blobsZRSService 'Microsoft.Storage/storageAccounts/blobServices@2026-04-01' existing = {
  parent: blobsZRS
  name: 'default'
}

resource ticketsContainer 'Microsoft.Storage/storageAccounts/blobServices/containers@2026-04-01' existing = {
  parent: blobsZRSService
  name: 'tickets'
}

// Lets desk write its traces and measures.
resource deskMonitoringMetricsPublisherFerryInsights 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: insights
  name: guid(insights.id, deskIdentity.id, roles.monitoringMetricsPublisher)
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles.monitoringMetricsPublisher)
    principalId: deskIdentityPrincipalId
    principalType: 'ServicePrincipal'
  }
}

// desk pulls images.
resource deskAcrPullFerry 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: registry
  name: guid(registry.id, deskIdentity.id, roles.acrPull)
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles.acrPull)
    principalId: deskIdentityPrincipalId
    principalType: 'ServicePrincipal'
  }
}

// desk administers crossings, and makes the roles of all others in it.
resource crossingsAdministrator 'Microsoft.DBforPostgreSQL/flexibleServers/administrators@2025-08-01' = {
  parent: crossingsServer
  name: deskIdentityPrincipalId
  properties: {
    principalName: 'desk-identity'
    principalType: 'ServicePrincipal'
    tenantId: tenant().tenantId
  }
}

// desk reads harbour-key, and no other secret.
resource deskKeyVaultSecretsUserHarbourKey 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: harbourKeySecret
  name: guid(harbourKeySecret.id, deskIdentity.id, roles.keyVaultSecretsUser)
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles.keyVaultSecretsUser)
    principalId: deskIdentityPrincipalId
    principalType: 'ServicePrincipal'
  }
}

// desk reads tickets.
resource deskStorageBlobDataReaderTickets 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: ticketsContainer
  name: guid(ticketsContainer.id, deskIdentity.id, roles.storageBlobDataReader)
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles.storageBlobDataReader)
    principalId: deskIdentityPrincipalId
    principalType: 'ServicePrincipal'
  }
}
