#!/usr/bin/env bash
# Matter and the page's ingress over real sockets, in a network of its own that leads nowhere: two ends of a virtual cable, both inside. Nothing is
# ever said on the networks of this machine. Where such a network is not permitted this says so and passes.
set -euo pipefail
cd "$(dirname "$0")/../.."

private=(unshare --net)
[ "$(id -u)" -eq 0 ] || private=(unshare --map-root-user --net)
if ! command -v ip >/dev/null || ! "${private[@]}" true 2>/dev/null; then
  echo 'skipped: this machine does not permit a network namespace (unshare --net), or has no ip command'
  exit 0
fi
if ! "${private[@]}" ip link add v0 type veth peer name v1 2>/dev/null; then
  echo 'skipped: this kernel has no virtual cables (veth)'
  exit 0
fi

# Two seconds until the kernel has made sure that nobody else has the addresses.
exec "${private[@]}" bash -euo pipefail -c '
  ip link set lo up
  ip link add v0 type veth peer name v1
  ip link set v0 up
  ip link set v1 up
  # Every address of the network of Home Assistant and its add-ons is ours: anybody can be played.
  ip route add local 172.30.32.0/23 dev lo
  sleep 2.2
  LATCHBRIDGE_LAN=v1 MATTER_MDNS_IPV4=0 exec npx vitest run --config vitest.lan.config.ts "$@"
' run "$@"
