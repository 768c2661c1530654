// Written by `seatrial build` from the system file: change that, and build again.
// What keeps data, and the private endpoints that lead to it.

@description('The region in which all this stands')
param location string

@description('The tags of all this')
param tags object

// Always the same here, and nowhere else: makes names unique in the world.
var suffix = substring(uniqueString(subscription().id, resourceGroup().name, location), 0, 6)

resource network 'Microsoft.Network/virtualNetworks@2025-07-01' existing = {
  name: 'ferry'
}

resource endpointsSubnet 'Microsoft.Network/virtualNetworks/subnets@2025-07-01' existing = {
  parent: network
  name: 'endpoints'
}

resource postgresDatabaseAzureComZone 'Microsoft.Network/privateDnsZones@2024-06-01' existing = {
  name: 'privatelink.postgres.database.azure.com'
}

resource blobCoreWindowsNetZone 'Microsoft.Network/privateDnsZones@2024-06-01' existing = {
  name: 'privatelink.blob.core.windows.net'
}

// Runs PostgreSQL 17 for crossings, without a standby.
resource crossingsServer 'Microsoft.DBforPostgreSQL/flexibleServers@2025-08-01' = {
  name: 'ferry-crossings-${suffix}'
  location: location
  tags: tags
  sku: {
    name: 'Standard_D2ds_v5'
    tier: 'GeneralPurpose'
  }
  properties: {
    version: '17'
    authConfig: {
      activeDirectoryAuth: 'Enabled'
      passwordAuth: 'Disabled'
      tenantId: tenant().tenantId
    }
    storage: {
      storageSizeGB: 32
      autoGrow: 'Enabled'
    }
    backup: {
      backupRetentionDays: 14
      geoRedundantBackup: 'Disabled'
    }
    highAvailability: {
      mode: 'Disabled'
    }
    network: {
      publicNetworkAccess: 'Disabled'
    }
  }
}

// The database of crossings.
resource crossingsDatabase 'Microsoft.DBforPostgreSQL/flexibleServers/databases@2025-08-01' = {
  parent: crossingsServer
  name: 'crossings'
  properties: {
    charset: 'UTF8'
    collation: 'en_US.utf8'
  }
}

// Refuses connections without TLS.
resource crossingsRequireSecureTransport 'Microsoft.DBforPostgreSQL/flexibleServers/configurations@2025-08-01' = {
  parent: crossingsServer
  name: 'require_secure_transport'
  properties: {
    value: 'on'
    source: 'user-override'
  }
  dependsOn: [
    crossingsDatabase
  ]
}

// Refuses the older versions of TLS.
resource crossingsSslMinProtocolVersion 'Microsoft.DBforPostgreSQL/flexibleServers/configurations@2025-08-01' = {
  parent: crossingsServer
  name: 'ssl_min_protocol_version'
  properties: {
    value: 'TLSv1.2'
    source: 'user-override'
  }
  dependsOn: [
    crossingsRequireSecureTransport
  ]
}

// The extensions that a database may create.
resource crossingsAzureExtensions 'Microsoft.DBforPostgreSQL/flexibleServers/configurations@2025-08-01' = {
  parent: crossingsServer
  name: 'azure.extensions'
  properties: {
    value: 'vector'
    source: 'user-override'
  }
  dependsOn: [
    crossingsSslMinProtocolVersion
  ]
}

// crossings is reached from inside the network only, by this address.
resource crossingsServerEndpoint 'Microsoft.Network/privateEndpoints@2025-07-01' = {
  name: 'crossings-server-endpoint'
  location: location
  tags: tags
  properties: {
    subnet: {
      id: endpointsSubnet.id
    }
    customNetworkInterfaceName: 'crossings-server-endpoint-nic'
    privateLinkServiceConnections: [
      {
        name: 'crossings-server-endpoint'
        properties: {
          privateLinkServiceId: crossingsServer.id
          groupIds: [
            'postgresqlServer'
          ]
        }
      }
    ]
  }
  dependsOn: [
    crossingsAzureExtensions
  ]
}

// Writes the address into the zone of private names.
resource crossingsServerEndpointNames 'Microsoft.Network/privateEndpoints/privateDnsZoneGroups@2025-07-01' = {
  parent: crossingsServerEndpoint
  name: 'default'
  properties: {
    privateDnsZoneConfigs: [
      {
        name: 'privatelink-postgres-database-azure-com'
        properties: {
          privateDnsZoneId: postgresDatabaseAzureComZone.id
        }
      }
    ]
  }
}

// Keeps blobs in three zones; opened by identity only, and from inside the network only.
resource blobsZRS 'Microsoft.Storage/storageAccounts@2026-04-01' = {
  name: 'ferryzrs${suffix}'
  location: location
  tags: tags
  sku: {
    name: 'Standard_ZRS'
  }
  kind: 'StorageV2'
  properties: {
    accessTier: 'Hot'
    minimumTlsVersion: 'TLS1_2'
    supportsHttpsTrafficOnly: true
    allowBlobPublicAccess: false
    allowSharedKeyAccess: false
    allowCrossTenantReplication: false
    defaultToOAuthAuthentication: true
    isLocalUserEnabled: false
    publicNetworkAccess: 'Disabled'
    networkAcls: {
      bypass: 'AzureServices'
      defaultAction: 'Deny'
    }
    encryption: {
      keySource: 'Microsoft.Storage'
      requireInfrastructureEncryption: true
      services: {
        blob: {
          enabled: true
          keyType: 'Account'
        }
      }
    }
  }
}

// The blobs ZRS is reached from inside the network only, by this address.
resource blobsZRSEndpoint 'Microsoft.Network/privateEndpoints@2025-07-01' = {
  name: 'blobs-zrs-endpoint'
  location: location
  tags: tags
  properties: {
    subnet: {
      id: endpointsSubnet.id
    }
    customNetworkInterfaceName: 'blobs-zrs-endpoint-nic'
    privateLinkServiceConnections: [
      {
        name: 'blobs-zrs-endpoint'
        properties: {
          privateLinkServiceId: blobsZRS.id
          groupIds: [
            'blob'
          ]
        }
      }
    ]
  }
}

// Writes the address into the zone of private names.
resource blobsZRSEndpointNames 'Microsoft.Network/privateEndpoints/privateDnsZoneGroups@2025-07-01' = {
  parent: blobsZRSEndpoint
  name: 'default'
  properties: {
    privateDnsZoneConfigs: [
      {
        name: 'privatelink-blob-core-windows-net'
        properties: {
          privateDnsZoneId: blobCoreWindowsNetZone.id
        }
      }
    ]
  }
}

// What was deleted or written over can be brought back.
resource blobsZRSService 'Microsoft.Storage/storageAccounts/blobServices@2026-04-01' = {
  parent: blobsZRS
  name: 'default'
  properties: {
    isVersioningEnabled: true
    changeFeed: {
      enabled: true
      retentionInDays: 14
    }
    deleteRetentionPolicy: {
      enabled: true
      days: 14
    }
    containerDeleteRetentionPolicy: {
      enabled: true
      days: 14
    }
    restorePolicy: {
      enabled: true
      days: 13
    }
  }
}

// Holds tickets.
resource ticketsContainer 'Microsoft.Storage/storageAccounts/blobServices/containers@2026-04-01' = {
  parent: blobsZRSService
  name: 'tickets'
  properties: {
    publicAccess: 'None'
  }
}

// Moves what is old to cheaper tiers, and deletes what nobody needs any more.
resource blobsZRSLife 'Microsoft.Storage/storageAccounts/managementPolicies@2026-04-01' = {
  parent: blobsZRS
  name: 'default'
  properties: {
    policy: {
      rules: [
        {
          name: 'tickets'
          enabled: true
          type: 'Lifecycle'
          definition: {
            filters: {
              blobTypes: [
                'blockBlob'
              ]
              prefixMatch: [
                'tickets/'
              ]
            }
            actions: {
              baseBlob: {
                tierToCool: {
                  daysAfterModificationGreaterThan: 30
                }
              }
              version: {
                delete: {
                  daysAfterCreationGreaterThan: 14
                }
              }
              snapshot: {
                delete: {
                  daysAfterCreationGreaterThan: 14
                }
              }
            }
          }
        }
      ]
    }
  }
  dependsOn: [
    blobsZRSService
  ]
}
