// Written by `seatrial build` from the system file: change that, and build again.
// The vault, and the secrets in it.

@description('The region in which all this stands')
param location string

@description('The tags of all this')
param tags object

@description('The password of the administrator')
@secure()
param papersPassword string

// Always the same here, and nowhere else: makes names unique in the world.
var suffix = substring(uniqueString(subscription().id, resourceGroup().name, location), 0, 6)

// Where secrets are kept.
resource vault 'Microsoft.KeyVault/vaults@2026-02-01' = {
  name: 'harbour-${suffix}'
  location: location
  tags: tags
  properties: {
    tenantId: tenant().tenantId
    sku: {
      family: 'A'
      name: 'standard'
    }
    networkAcls: {
      ipRules: []
    }
  }
}

// The password of the papers' administrator, kept so that it can be read by who needs it.
resource papersPasswordSecret 'Microsoft.KeyVault/vaults/secrets@2026-02-01' = {
  parent: vault
  name: 'papers-password'
  tags: tags
  properties: {
    value: papersPassword
    contentType: 'it\'s [a] \${text}'
  }
}
