// Written by `seatrial build` from the system file: change that, and build again.
// The vault, and the secrets in it.

@description('The region in which all this stands')
param location string

@description('The tags of all this')
param tags object

@description('The value of harbour-key')
@secure()
param harbourKey string

// Always the same here, and nowhere else: makes names unique in the world.
var suffix = substring(uniqueString(subscription().id, resourceGroup().name, location), 0, 6)

resource network 'Microsoft.Network/virtualNetworks@2025-07-01' existing = {
  name: 'ferry'
}

resource endpointsSubnet 'Microsoft.Network/virtualNetworks/subnets@2025-07-01' existing = {
  parent: network
  name: 'endpoints'
}

resource vaultcoreAzureNetZone 'Microsoft.Network/privateDnsZones@2024-06-01' existing = {
  name: 'privatelink.vaultcore.azure.net'
}

// Holds what nobody may see; roles say who reads what, and what is deleted can be brought back.
resource vault 'Microsoft.KeyVault/vaults@2026-02-01' = {
  name: 'ferry-${suffix}'
  location: location
  tags: tags
  properties: {
    tenantId: tenant().tenantId
    sku: {
      family: 'A'
      name: 'standard'
    }
    enableRbacAuthorization: true
    enableSoftDelete: true
    softDeleteRetentionInDays: 90
    enablePurgeProtection: true
    publicNetworkAccess: 'Disabled'
    networkAcls: {
      bypass: 'AzureServices'
      defaultAction: 'Deny'
    }
  }
}

// The vault is reached from inside the network only, by this address.
resource vaultEndpoint 'Microsoft.Network/privateEndpoints@2025-07-01' = {
  name: 'vault-endpoint'
  location: location
  tags: tags
  properties: {
    subnet: {
      id: endpointsSubnet.id
    }
    customNetworkInterfaceName: 'vault-endpoint-nic'
    privateLinkServiceConnections: [
      {
        name: 'vault-endpoint'
        properties: {
          privateLinkServiceId: vault.id
          groupIds: [
            'vault'
          ]
        }
      }
    ]
  }
}

// Writes the address into the zone of private names.
resource vaultEndpointNames 'Microsoft.Network/privateEndpoints/privateDnsZoneGroups@2025-07-01' = {
  parent: vaultEndpoint
  name: 'default'
  properties: {
    privateDnsZoneConfigs: [
      {
        name: 'privatelink-vaultcore-azure-net'
        properties: {
          privateDnsZoneId: vaultcoreAzureNetZone.id
        }
      }
    ]
  }
}

// Keeps harbour-key for those who use it.
resource harbourKeySecret 'Microsoft.KeyVault/vaults/secrets@2026-02-01' = {
  parent: vault
  name: 'harbour-key'
  tags: tags
  properties: {
    value: harbourKey
    contentType: 'text/plain'
    attributes: {
      enabled: true
    }
  }
}
