// Written by `seatrial build` from the system file: change that, and build again.
// The answers for development.
using '../main.bicep'

param environment = 'development'

// The password of the administrator; a secret, so it stands in no file.
param papersPassword = readEnvironmentVariable('PAPERS_PASSWORD')
