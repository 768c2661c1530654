// Written by `seatrial build` from the system file: change that, and build again.
// The identity of each process.

@description('The region in which all this stands')
param location string

@description('The tags of all this')
param tags object

// Who the web process is.
resource webIdentity 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' = {
  name: 'web-identity'
  location: location
  tags: tags
}
