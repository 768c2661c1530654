// Written by `seatrial build` from the system file: change that, and build again.
// Where logs, metrics and traces go.

@description('The region in which all this stands')
param location string

@description('The tags of all this')
param tags object

// Keeps what every resource and process has to say.
resource logs 'Microsoft.OperationalInsights/workspaces@2025-07-01' = {
  name: 'ferry-logs'
  location: location
  tags: tags
  properties: {
    sku: {
      name: 'PerGB2018'
    }
    retentionInDays: 30
    workspaceCapping: {
      dailyQuotaGb: -1
    }
    features: {
      disableLocalAuth: true
      enableLogAccessUsingOnlyResourcePermissions: true
    }
    publicNetworkAccessForIngestion: 'Enabled'
    publicNetworkAccessForQuery: 'Enabled'
  }
}

// Takes in traces, measures and exceptions of the processes.
resource insights 'Microsoft.Insights/components@2020-02-02' = {
  name: 'ferry-insights'
  location: location
  tags: tags
  kind: 'web'
  properties: {
    Application_Type: 'web'
    WorkspaceResourceId: logs.id
    IngestionMode: 'LogAnalytics'
    DisableLocalAuth: true
    publicNetworkAccessForIngestion: 'Enabled'
    publicNetworkAccessForQuery: 'Enabled'
  }
}
