// Written by `seatrial build` from the system file: change that, and build again.
// What runs the processes, and the processes.

@description('The region in which all this stands')
param location string

@description('The tags of all this')
param tags object

@description('The revision of desk that serves; left empty: the newest')
param deskLive string

@description('The tag of the images to run, as a commit\'s hash')
param imageTag string

// Always the same here, and nowhere else: makes names unique in the world.
var suffix = substring(uniqueString(subscription().id, resourceGroup().name, location), 0, 6)

resource network 'Microsoft.Network/virtualNetworks@2025-07-01' existing = {
  name: 'ferry'
}

resource appsSubnet 'Microsoft.Network/virtualNetworks/subnets@2025-07-01' existing = {
  parent: network
  name: 'apps'
}

resource deskIdentity 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' existing = {
  name: 'desk-identity'
}

resource registry 'Microsoft.ContainerRegistry/registries@2025-11-01' existing = {
  name: 'ferry${suffix}'
}

resource vault 'Microsoft.KeyVault/vaults@2026-02-01' existing = {
  name: 'ferry-${suffix}'
}

resource harbourKeySecret 'Microsoft.KeyVault/vaults/secrets@2026-02-01' existing = {
  parent: vault
  name: 'harbour-key'
}

resource insights 'Microsoft.Insights/components@2020-02-02' existing = {
  name: 'ferry-insights'
}

resource crossingsServer 'Microsoft.DBforPostgreSQL/flexibleServers@2025-08-01' existing = {
  name: 'ferry-crossings-${suffix}'
}

resource blobsZRS 'Microsoft.Storage/storageAccounts@2026-04-01' existing = {
  name: 'ferryzrs${suffix}'
}

// Runs the containers, in the network, and answers the world; what goes from one to another is encrypted.
resource containerEnvironment 'Microsoft.App/managedEnvironments@2026-01-01' = {
  name: 'ferry'
  location: location
  tags: tags
  properties: {
    vnetConfiguration: {
      infrastructureSubnetId: appsSubnet.id
      internal: false
    }
    publicNetworkAccess: 'Enabled'
    zoneRedundant: true
    workloadProfiles: [
      {
        name: 'Consumption'
        workloadProfileType: 'Consumption'
      }
    ]
    appLogsConfiguration: {
      destination: 'azure-monitor'
    }
    peerTrafficConfiguration: {
      encryption: {
        enabled: true
      }
    }
  }
}

// Runs desk, 1 to 3 replicas, each with 0.5 vCPU and 1 GiB.
resource deskApp 'Microsoft.App/containerApps@2026-01-01' = {
  name: 'desk'
  location: location
  tags: tags
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: {
      '${deskIdentity.id}': {}
    }
  }
  properties: {
    environmentId: containerEnvironment.id
    workloadProfileName: 'Consumption'
    configuration: {
      activeRevisionsMode: 'Multiple'
      ingress: {
        external: true
        targetPort: 8000
        transport: 'auto'
        allowInsecure: false
        clientCertificateMode: 'ignore'
        traffic: empty(deskLive) ? [
          {
            latestRevision: true
            weight: 100
          }
        ] : [
          {
            revisionName: deskLive
            weight: 100
          }
          {
            latestRevision: true
            weight: 0
            label: 'next'
          }
        ]
      }
      registries: [
        {
          server: registry.properties.loginServer
          identity: deskIdentity.id
        }
      ]
      secrets: [
        {
          name: 'harbour-key'
          keyVaultUrl: harbourKeySecret.properties.secretUri
          identity: deskIdentity.id
        }
      ]
    }
    template: {
      terminationGracePeriodSeconds: 60
      containers: [
        {
          name: 'desk'
          image: '${registry.properties.loginServer}/ferry/desk:${imageTag}'
          command: [
            'python'
            '-m'
            'ferry.desk'
          ]
          env: [
            {
              name: 'APPLICATIONINSIGHTS_CONNECTION_STRING'
              value: insights.properties.ConnectionString
            }
            {
              name: 'AZURE_CLIENT_ID'
              value: deskIdentity.properties.clientId
            }
            {
              name: 'CROSSINGS_URL'
              value: 'postgresql://${crossingsServer.properties.fullyQualifiedDomainName}:5432/crossings?sslmode=require'
            }
            {
              name: 'HARBOUR_KEY'
              secretRef: 'harbour-key'
            }
            {
              name: 'HOST'
              value: '0.0.0.0'
            }
            {
              name: 'OTEL_SERVICE_NAME'
              value: 'desk'
            }
            {
              name: 'PGUSER'
              value: 'desk-identity'
            }
            {
              name: 'PORT'
              value: '8000'
            }
            {
              name: 'TICKETS_URL'
              value: '${blobsZRS.properties.primaryEndpoints.blob}tickets'
            }
          ]
          resources: {
            cpu: json('0.5')
            memory: '1Gi'
          }
          probes: [
            {
              type: 'Startup'
              httpGet: {
                path: '/health'
                port: 8000
                scheme: 'HTTP'
              }
              periodSeconds: 6
              timeoutSeconds: 5
              failureThreshold: 10
            }
            {
              type: 'Readiness'
              httpGet: {
                path: '/health'
                port: 8000
                scheme: 'HTTP'
              }
              periodSeconds: 10
              timeoutSeconds: 5
              failureThreshold: 3
            }
            {
              type: 'Liveness'
              httpGet: {
                path: '/health'
                port: 8000
                scheme: 'HTTP'
              }
              periodSeconds: 30
              timeoutSeconds: 5
              failureThreshold: 3
            }
          ]
        }
      ]
      scale: {
        minReplicas: 1
        maxReplicas: 3
      }
    }
  }
}
