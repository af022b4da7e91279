#!/bin/sh
# Hands the data folder to an ordinary user and goes on as that user, with no right but what raw Bluetooth needs.
set -eu

data=${LATCHBRIDGE_DATA:-/data}
app=$(dirname "$(readlink -f "$0")")

if [ "$(id -u)" != 0 ]; then
  exec node "$app/dist/main.js" "$@"
fi

# The Supervisor writes /data/options.json as root, mode 0600, anew at each change.
chown -R node:node "$data"

# Only what this container was given: asking for more would end the start. Without NET_RAW the daemon says that it may
# not use the adapter, and runs on.
rights=
for right in net_admin net_raw; do
  if setpriv --inh-caps "+$right" --ambient-caps "+$right" true 2>/dev/null; then
    rights="${rights:+$rights,}+$right"
  fi
done
exec setpriv --reuid node --regid node --init-groups \
  ${rights:+--inh-caps "$rights" --ambient-caps "$rights"} \
  node "$app/dist/main.js" "$@"
