// Written by `seatrial build` from the system file: change that, and build again.
// The identity of each process.

@description('The region in which all this stands')
param location string

@description('The tags of all this')
param tags object

// Who desk is to all it uses.
resource deskIdentity 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' = {
  name: 'desk-identity'
  location: location
  tags: tags
}

output deskIdentityPrincipalId string = deskIdentity.properties.principalId
