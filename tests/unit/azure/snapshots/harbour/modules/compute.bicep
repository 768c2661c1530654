// Written by `seatrial build` from the system file: change that, and build again.
// What runs the processes, and the processes.

@description('The region in which all this stands')
param location string

@description('The tags of all this')
param tags object

@description('The revision that serves; empty: the latest')
param webLive string

// Always the same here, and nowhere else: makes names unique in the world.
var suffix = substring(uniqueString(subscription().id, resourceGroup().name, location), 0, 6)

resource webIdentity 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' existing = {
  name: 'web-identity'
}

resource vault 'Microsoft.KeyVault/vaults@2026-02-01' existing = {
  name: 'harbour-${suffix}'
}

// Serves the page.
resource web 'Microsoft.App/containerApps@2026-01-01' = {
  name: 'web'
  location: location
  tags: union(tags, {
    'hidden-link:${vault.id}': 'Resource'
  })
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: {
      '${webIdentity.id}': {}
    }
  }
  properties: {
    configuration: {
      ingress: {
        targetPort: 8000
        traffic: empty(webLive) ? [
          {
            latestRevision: true
            weight: 100
          }
        ] : [
          {
            revisionName: webLive
            weight: 100
          }
          {
            latestRevision: true
            weight: 0
            label: 'next'
          }
        ]
      }
    }
    template: {
      containers: [
        {
          name: 'web'
          image: 'harbour.azurecr.io/web:${webLive}'
          args: [
            join([
              'first line'
              'second line'
              ''
            ], '\n')
            '[all]'
            '[some] of it'
          ]
          resources: {
            cpu: json('0.25')
            memory: '0.5Gi'
          }
        }
      ]
    }
  }
}
