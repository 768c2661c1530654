// Written by `seatrial build` from the system file: change that, and build again.
// The registry of images.

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

resource azurecrIoZone 'Microsoft.Network/privateDnsZones@2024-06-01' existing = {
  name: 'privatelink.azurecr.io'
}

// Keeps the images; who pulls or pushes shows an identity, never a password.
resource registry 'Microsoft.ContainerRegistry/registries@2025-11-01' = {
  name: 'ferry${suffix}'
  location: location
  tags: tags
  sku: {
    name: 'Premium'
  }
  properties: {
    adminUserEnabled: false
    anonymousPullEnabled: false
    publicNetworkAccess: 'Disabled'
    policies: {
      azureADAuthenticationAsArmPolicy: {
        status: 'enabled'
      }
      retentionPolicy: {
        status: 'enabled'
        days: 30
      }
      quarantinePolicy: {
        status: 'disabled'
      }
      trustPolicy: {
        status: 'disabled'
        type: 'Notary'
      }
      exportPolicy: {
        status: 'disabled'
      }
    }
    networkRuleBypassOptions: 'AzureServices'
    networkRuleBypassAllowedForTasks: true
    networkRuleSet: {
      defaultAction: 'Deny'
    }
    dataEndpointEnabled: true
    zoneRedundancy: 'Enabled'
  }
}

// The registry is reached from inside the network only, by this address.
resource registryEndpoint 'Microsoft.Network/privateEndpoints@2025-07-01' = {
  name: 'registry-endpoint'
  location: location
  tags: tags
  properties: {
    subnet: {
      id: endpointsSubnet.id
    }
    customNetworkInterfaceName: 'registry-endpoint-nic'
    privateLinkServiceConnections: [
      {
        name: 'registry-endpoint'
        properties: {
          privateLinkServiceId: registry.id
          groupIds: [
            'registry'
          ]
        }
      }
    ]
  }
}

// Writes the address into the zone of private names.
resource registryEndpointNames 'Microsoft.Network/privateEndpoints/privateDnsZoneGroups@2025-07-01' = {
  parent: registryEndpoint
  name: 'default'
  properties: {
    privateDnsZoneConfigs: [
      {
        name: 'privatelink-azurecr-io'
        properties: {
          privateDnsZoneId: azurecrIoZone.id
        }
      }
    ]
  }
}
