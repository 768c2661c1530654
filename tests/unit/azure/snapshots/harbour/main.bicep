// Written by `seatrial build` from the system file: change that, and build again.
// Ships that come and go.

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

@description('The password of the administrator')
@secure()
param papersPassword string

@description('The revision that serves; empty: the latest')
param webLive string = ''

var tags = {
  system: 'harbour'
  variant: 'base'
  environment: environment
  'managed-by': 'seatrial'
}

// Holds everything.
resource group 'Microsoft.Resources/resourceGroups@2025-04-01' = {
  name: 'harbour-${environment}'
  location: 'eastus2'
  tags: tags
}

// The identity of each process.
module identity 'modules/identity.bicep' = {
  name: 'identity'
  scope: group
  params: {
    location: 'eastus2'
    tags: tags
  }
}

// The vault, and the secrets in it.
module vault 'modules/vault.bicep' = {
  name: 'vault'
  scope: group
  params: {
    location: 'eastus2'
    tags: tags
    papersPassword: papersPassword
  }
}

// Rights: which identity may do what, with which resource.
module access 'modules/access.bicep' = {
  name: 'access'
  scope: group
  dependsOn: [
    identity
    vault
  ]
}

// What runs the processes, and the processes.
module compute 'modules/compute.bicep' = if (stage == 'all') {
  name: 'compute'
  scope: group
  params: {
    location: 'eastus2'
    tags: tags
    webLive: webLive
  }
  dependsOn: [
    identity
    vault
    access
  ]
}
