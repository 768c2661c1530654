#!/usr/bin/env bash
# Fills what only Azure knows into manifests: values.sh RESOURCE_GROUP FOLDER
# FOLDER is a copy of this one; the files in it are rewritten. Who runs it is signed in to Azure (az login).
set -euo pipefail
group=$1
folder=$2

# What a resource says of itself.
ask() { # TYPE NAME QUERY
  az resource show --resource-group "$group" --resource-type "$1" --name "$2" --query "$3" --output tsv
}

# The six letters and digits that end the names that nobody else in the world may have.
suffix() { # TYPE PREFIX
  local name
  name=$(az resource list --resource-group "$group" --resource-type "$1" --output tsv \
    --query "[?starts_with(name, '$2') && length(name) == \`$((${#2} + 6))\`].name | [0]")
  echo "${name: -6}"
}

declare -A said
# QUESTIONS

for name in "${!said[@]}"; do
  [[ -n ${said[$name]} ]] || { echo "Azure does not know $name" >&2 && exit 1; }
  for file in "$folder"/*.yaml; do
    text=$(<"$file")
    printf '%s\n' "${text//"\${$name}"/"${said[$name]}"}" >"$file"
  done
done
