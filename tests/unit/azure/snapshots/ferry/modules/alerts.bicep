// Written by `seatrial build` from the system file: change that, and build again.
// Who is told what: alerts, dashboards, budgets.

// Always the same here, and nowhere else: makes names unique in the world.
var suffix = substring(uniqueString(subscription().id, resourceGroup().name, 'westeurope'), 0, 6)

resource logs 'Microsoft.OperationalInsights/workspaces@2025-07-01' existing = {
  name: 'ferry-logs'
}

resource network 'Microsoft.Network/virtualNetworks@2025-07-01' existing = {
  name: 'ferry'
}

resource appsRules 'Microsoft.Network/networkSecurityGroups@2025-07-01' existing = {
  name: 'apps-rules'
}

resource endpointsRules 'Microsoft.Network/networkSecurityGroups@2025-07-01' existing = {
  name: 'endpoints-rules'
}

resource registry 'Microsoft.ContainerRegistry/registries@2025-11-01' existing = {
  name: 'ferry${suffix}'
}

resource vault 'Microsoft.KeyVault/vaults@2026-02-01' existing = {
  name: 'ferry-${suffix}'
}

resource containerEnvironment 'Microsoft.App/managedEnvironments@2026-01-01' existing = {
  name: 'ferry'
}

resource crossingsServer 'Microsoft.DBforPostgreSQL/flexibleServers@2025-08-01' existing = {
  name: 'ferry-crossings-${suffix}'
}

resource blobsZRS 'Microsoft.Storage/storageAccounts@2026-04-01' existing = {
  name: 'ferryzrs${suffix}'
}

resource blobsZRSService 'Microsoft.Storage/storageAccounts/blobServices@2026-04-01' existing = {
  parent: blobsZRS
  name: 'default'
}

resource deskApp 'Microsoft.App/containerApps@2026-01-01' existing = {
  name: 'desk'
}

// What network has to say goes to the logs.
resource networkNetworkToLogs 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  scope: network
  name: 'network-network'
  properties: {
    workspaceId: logs.id
    logAnalyticsDestinationType: 'Dedicated'
    logs: [
      {
        categoryGroup: 'allLogs'
        enabled: true
      }
    ]
    metrics: [
      {
        category: 'AllMetrics'
        enabled: true
      }
    ]
  }
}

// What appsRules has to say goes to the logs.
resource networkAppsRulesToLogs 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  scope: appsRules
  name: 'network-appsRules'
  properties: {
    workspaceId: logs.id
    logAnalyticsDestinationType: 'Dedicated'
    logs: [
      {
        categoryGroup: 'allLogs'
        enabled: true
      }
    ]
    metrics: []
  }
}

// What endpointsRules has to say goes to the logs.
resource networkEndpointsRulesToLogs 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  scope: endpointsRules
  name: 'network-endpointsRules'
  properties: {
    workspaceId: logs.id
    logAnalyticsDestinationType: 'Dedicated'
    logs: [
      {
        categoryGroup: 'allLogs'
        enabled: true
      }
    ]
    metrics: []
  }
}

// What logs has to say goes to the logs.
resource watchLogsToLogs 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  scope: logs
  name: 'watch-logs'
  properties: {
    workspaceId: logs.id
    logAnalyticsDestinationType: 'Dedicated'
    logs: [
      {
        categoryGroup: 'audit'
        enabled: true
      }
    ]
    metrics: []
  }
}

// What registry has to say goes to the logs.
resource registryRegistryToLogs 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  scope: registry
  name: 'registry-registry'
  properties: {
    workspaceId: logs.id
    logAnalyticsDestinationType: 'Dedicated'
    logs: [
      {
        categoryGroup: 'allLogs'
        enabled: true
      }
    ]
    metrics: [
      {
        category: 'AllMetrics'
        enabled: true
      }
    ]
  }
}

// What vault has to say goes to the logs.
resource vaultVaultToLogs 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  scope: vault
  name: 'vault-vault'
  properties: {
    workspaceId: logs.id
    logAnalyticsDestinationType: 'Dedicated'
    logs: [
      {
        categoryGroup: 'allLogs'
        enabled: true
      }
    ]
    metrics: [
      {
        category: 'AllMetrics'
        enabled: true
      }
    ]
  }
}

// What containerEnvironment has to say goes to the logs.
resource computeContainerEnvironmentToLogs 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  scope: containerEnvironment
  name: 'compute-containerEnvironment'
  properties: {
    workspaceId: logs.id
    logAnalyticsDestinationType: 'Dedicated'
    logs: [
      {
        categoryGroup: 'allLogs'
        enabled: true
      }
    ]
    metrics: [
      {
        category: 'AllMetrics'
        enabled: true
      }
    ]
  }
}

// What crossingsServer has to say goes to the logs.
resource dataCrossingsServerToLogs 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  scope: crossingsServer
  name: 'data-crossingsServer'
  properties: {
    workspaceId: logs.id
    logAnalyticsDestinationType: 'Dedicated'
    logs: [
      {
        categoryGroup: 'allLogs'
        enabled: true
      }
    ]
    metrics: [
      {
        category: 'AllMetrics'
        enabled: true
      }
    ]
  }
}

// What blobsZRS has to say goes to the logs.
resource dataBlobsZRSToLogs 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  scope: blobsZRS
  name: 'data-blobsZRS'
  properties: {
    workspaceId: logs.id
    logs: []
    metrics: [
      {
        category: 'AllMetrics'
        enabled: true
      }
    ]
  }
}

// What blobsZRSService has to say goes to the logs.
resource dataBlobsZRSServiceToLogs 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  scope: blobsZRSService
  name: 'data-blobsZRSService'
  properties: {
    workspaceId: logs.id
    logAnalyticsDestinationType: 'Dedicated'
    logs: [
      {
        categoryGroup: 'allLogs'
        enabled: true
      }
    ]
    metrics: [
      {
        category: 'AllMetrics'
        enabled: true
      }
    ]
  }
}

// What deskApp has to say goes to the logs.
resource computeDeskAppToLogs 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  scope: deskApp
  name: 'compute-deskApp'
  properties: {
    workspaceId: logs.id
    logs: []
    metrics: [
      {
        category: 'AllMetrics'
        enabled: true
      }
    ]
  }
}
