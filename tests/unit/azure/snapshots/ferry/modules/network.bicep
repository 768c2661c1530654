// Written by `seatrial build` from the system file: change that, and build again.
// The network: subnets by tier, who may reach whom, the ways in and out, private names.

@description('The region in which all this stands')
param location string

@description('The tags of all this')
param tags object

// The network that everything stands in.
resource network 'Microsoft.Network/virtualNetworks@2025-07-01' = {
  name: 'ferry'
  location: location
  tags: tags
  properties: {
    addressSpace: {
      addressPrefixes: [
        '10.0.0.0/16'
      ]
    }
  }
}

// Who may come into the tier apps; all others are refused.
resource appsRules 'Microsoft.Network/networkSecurityGroups@2025-07-01' = {
  name: 'apps-rules'
  location: location
  tags: tags
  properties: {
    securityRules: [
      {
        name: 'from-apps'
        properties: {
          description: 'Container Apps among themselves'
          direction: 'Inbound'
          access: 'Allow'
          priority: 100
          protocol: '*'
          sourceAddressPrefix: '10.0.64.0/23'
          sourcePortRange: '*'
          destinationAddressPrefix: '10.0.64.0/23'
          destinationPortRange: '*'
        }
      }
      {
        name: 'from-balancer'
        properties: {
          description: 'Azure\'s probes'
          direction: 'Inbound'
          access: 'Allow'
          priority: 110
          protocol: 'Tcp'
          sourceAddressPrefix: 'AzureLoadBalancer'
          sourcePortRange: '*'
          destinationAddressPrefix: '10.0.64.0/23'
          destinationPortRange: '30000-32767'
        }
      }
      {
        name: 'refuse-the-rest'
        properties: {
          description: 'What no rule above lets in'
          direction: 'Inbound'
          access: 'Deny'
          priority: 4096
          protocol: '*'
          sourceAddressPrefix: '*'
          sourcePortRange: '*'
          destinationAddressPrefix: '*'
          destinationPortRange: '*'
        }
      }
    ]
  }
}

// Who may come into the tier endpoints; all others are refused.
resource endpointsRules 'Microsoft.Network/networkSecurityGroups@2025-07-01' = {
  name: 'endpoints-rules'
  location: location
  tags: tags
  properties: {
    securityRules: [
      {
        name: 'from-apps'
        properties: {
          description: 'To reach crossings, harbour-key, tickets, the registry'
          direction: 'Inbound'
          access: 'Allow'
          priority: 100
          protocol: 'Tcp'
          sourceAddressPrefix: '10.0.64.0/23'
          sourcePortRange: '*'
          destinationAddressPrefix: '10.0.160.0/24'
          destinationPortRanges: [
            '443'
            '5432'
          ]
        }
      }
      {
        name: 'refuse-the-rest'
        properties: {
          description: 'What no rule above lets in'
          direction: 'Inbound'
          access: 'Deny'
          priority: 4096
          protocol: '*'
          sourceAddressPrefix: '*'
          sourcePortRange: '*'
          destinationAddressPrefix: '*'
          destinationPortRange: '*'
        }
      }
      {
        name: 'begin-nothing'
        properties: {
          description: 'Nothing else begins here'
          direction: 'Outbound'
          access: 'Deny'
          priority: 4096
          protocol: '*'
          sourceAddressPrefix: '*'
          sourcePortRange: '*'
          destinationAddressPrefix: '*'
          destinationPortRange: '*'
        }
      }
    ]
  }
}

// For Container Apps.
resource appsSubnet 'Microsoft.Network/virtualNetworks/subnets@2025-07-01' = {
  parent: network
  name: 'apps'
  properties: {
    addressPrefix: '10.0.64.0/23'
    defaultOutboundAccess: false
    networkSecurityGroup: {
      id: appsRules.id
    }
    delegations: [
      {
        name: 'apps'
        properties: {
          serviceName: 'Microsoft.App/environments'
        }
      }
    ]
  }
}

// For private endpoints.
resource endpointsSubnet 'Microsoft.Network/virtualNetworks/subnets@2025-07-01' = {
  parent: network
  name: 'endpoints'
  properties: {
    addressPrefix: '10.0.160.0/24'
    defaultOutboundAccess: false
    networkSecurityGroup: {
      id: endpointsRules.id
    }
    privateEndpointNetworkPolicies: 'Enabled'
  }
  dependsOn: [
    appsSubnet
  ]
}

// Inside the network, names under azurecr.io lead to private addresses.
resource azurecrIoZone 'Microsoft.Network/privateDnsZones@2024-06-01' = {
  name: 'privatelink.azurecr.io'
  location: 'global'
  tags: tags
  properties: {}
}

// The network asks this zone for names under azurecr.io.
resource azurecrIoZoneLink 'Microsoft.Network/privateDnsZones/virtualNetworkLinks@2024-06-01' = {
  parent: azurecrIoZone
  name: 'ferry'
  location: 'global'
  tags: tags
  properties: {
    virtualNetwork: {
      id: network.id
    }
    registrationEnabled: false
  }
}

// Inside the network, names under vaultcore.azure.net lead to private addresses.
resource vaultcoreAzureNetZone 'Microsoft.Network/privateDnsZones@2024-06-01' = {
  name: 'privatelink.vaultcore.azure.net'
  location: 'global'
  tags: tags
  properties: {}
}

// The network asks this zone for names under vaultcore.azure.net.
resource vaultcoreAzureNetZoneLink 'Microsoft.Network/privateDnsZones/virtualNetworkLinks@2024-06-01' = {
  parent: vaultcoreAzureNetZone
  name: 'ferry'
  location: 'global'
  tags: tags
  properties: {
    virtualNetwork: {
      id: network.id
    }
    registrationEnabled: false
  }
}

// Inside the network, names under postgres.database.azure.com lead to private addresses.
resource postgresDatabaseAzureComZone 'Microsoft.Network/privateDnsZones@2024-06-01' = {
  name: 'privatelink.postgres.database.azure.com'
  location: 'global'
  tags: tags
  properties: {}
}

// The network asks this zone for names under postgres.database.azure.com.
resource postgresDatabaseAzureComZoneLink 'Microsoft.Network/privateDnsZones/virtualNetworkLinks@2024-06-01' = {
  parent: postgresDatabaseAzureComZone
  name: 'ferry'
  location: 'global'
  tags: tags
  properties: {
    virtualNetwork: {
      id: network.id
    }
    registrationEnabled: false
  }
}

// Inside the network, names under blob.core.windows.net lead to private addresses.
resource blobCoreWindowsNetZone 'Microsoft.Network/privateDnsZones@2024-06-01' = {
  name: 'privatelink.blob.core.windows.net'
  location: 'global'
  tags: tags
  properties: {}
}

// The network asks this zone for names under blob.core.windows.net.
resource blobCoreWindowsNetZoneLink 'Microsoft.Network/privateDnsZones/virtualNetworkLinks@2024-06-01' = {
  parent: blobCoreWindowsNetZone
  name: 'ferry'
  location: 'global'
  tags: tags
  properties: {
    virtualNetwork: {
      id: network.id
    }
    registrationEnabled: false
  }
}
