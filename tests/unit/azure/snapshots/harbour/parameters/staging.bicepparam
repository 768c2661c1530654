// Written by `seatrial build` from the system file: change that, and build again.
// The answers for staging.
using '../main.bicep'

param environment = 'staging'

// The password of the administrator; a secret, so it stands in no file.
param papersPassword = readEnvironmentVariable('PAPERS_PASSWORD')
