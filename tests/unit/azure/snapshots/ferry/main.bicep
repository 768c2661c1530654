// Written by `seatrial build` from the system file: change that, and build again.
// Crossings, and who is aboard.

targetScope = 'subscription'

@description('Which copy of the system this is; a part of the resource group\'s name and of every tag')
@allowed([
  'production'
  'staging'
  'development'
])
param environment string = 'production'

@description('How far to go; ground leaves out what runs images, so that these can be built first')
@allowed([
  'ground'
  'all'
])
param stage string = 'all'

@description('The revision of desk that serves; left empty: the newest')
param deskLive string = ''

@description('The value of harbour-key')
@secure()
param harbourKey string

@description('The tag of the images to run, as a commit\'s hash')
param imageTag string

var tags = {
  system: 'ferry'
  variant: 'base'
  environment: environment
  'managed-by': 'seatrial'
}

// Holds everything.
resource group 'Microsoft.Resources/resourceGroups@2025-04-01' = {
  name: 'ferry-${environment}'
  location: 'westeurope'
  tags: tags
}

// The network: subnets by tier, who may reach whom, the ways in and out, private names.
module network 'modules/network.bicep' = {
  name: 'network'
  scope: group
  params: {
    location: 'westeurope'
    tags: tags
  }
}

// Where logs, metrics and traces go.
module watch 'modules/watch.bicep' = {
  name: 'watch'
  scope: group
  params: {
    location: 'westeurope'
    tags: tags
  }
}

// The identity of each process.
module identity 'modules/identity.bicep' = {
  name: 'identity'
  scope: group
  params: {
    location: 'westeurope'
    tags: tags
  }
}

// The registry of images.
module registry 'modules/registry.bicep' = {
  name: 'registry'
  scope: group
  params: {
    location: 'westeurope'
    tags: tags
  }
  dependsOn: [
    network
  ]
}

// The vault, and the secrets in it.
module vault 'modules/vault.bicep' = {
  name: 'vault'
  scope: group
  params: {
    location: 'westeurope'
    tags: tags
    harbourKey: harbourKey
  }
  dependsOn: [
    network
  ]
}

// What keeps data, and the private endpoints that lead to it.
module data 'modules/data.bicep' = {
  name: 'data'
  scope: group
  params: {
    location: 'westeurope'
    tags: tags
  }
  dependsOn: [
    network
  ]
}

// Rights: which identity may do what, with which resource.
module access 'modules/access.bicep' = {
  name: 'access'
  scope: group
  params: {
    deskIdentityPrincipalId: identity.outputs.deskIdentityPrincipalId
  }
  dependsOn: [
    watch
    identity
    registry
    vault
    data
  ]
}

// What runs the processes, and the processes.
module compute 'modules/compute.bicep' = if (stage == 'all') {
  name: 'compute'
  scope: group
  params: {
    location: 'westeurope'
    tags: tags
    deskLive: deskLive
    imageTag: imageTag
  }
  dependsOn: [
    network
    watch
    identity
    registry
    vault
    data
    access
  ]
}

// Who is told what: alerts, dashboards, budgets.
module alerts 'modules/alerts.bicep' = if (stage == 'all') {
  name: 'alerts'
  scope: group
  dependsOn: [
    network
    watch
    registry
    vault
    data
    compute
  ]
}
