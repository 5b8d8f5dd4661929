#!/bin/sh
# For tests: certificates and keys for a Flower federation with TLS and node authentication, good for 30 days.
#
#   flower/certificates.sh FOLDER [HOST|ADDRESS ...]
#
# makes FOLDER, which must not be there yet, with
#
#   ca.crt, ca.key           a certificate authority of its own; all who connect need ca.crt
#   server.crt, server.key   the SuperLink's, for each host name and IP address given, and for this machine
#   node0, node0.pub, ...    a key pair for each of three nodes, or as many as NODES says
#
# Where it matters, have the server's certificate from your own authority, and let each party make its key at its own
# machine with the last command below, and send only what is public: here all private keys lie side by side.
set -eu
umask 077

die() { echo "certificates.sh: $2" >&2; exit "$1"; }
[ $# -ge 1 ] && [ "${1#-}" = "$1" ] && [ -n "$1" ] || die 2 "usage: certificates.sh FOLDER [HOST|ADDRESS ...]"
folder=${1%/} nodes=${NODES:-3} days=30
shift
case $nodes in '' | *[!0-9]*) die 2 "NODES: a number expected, found $nodes" ;; esac
if [ -e "$folder" ] || [ -L "$folder" ]; then die 1 "$folder is there already: nothing is overwritten"; fi
for program in openssl ssh-keygen; do
  command -v "$program" >/dev/null || die 1 "$program is not installed"
done

# Flower's own parts on the server's machine connect by 127.0.0.1.
names=DNS:localhost,IP:127.0.0.1
for name in "$@"; do
  case $name in
    '' | *[!A-Za-z0-9.:*-]*) die 2 "a host name or an IP address expected, found '$name'" ;;
    *:*) names=$names,IP:$name ;;
    *[!0-9.]*) names=$names,DNS:$name ;;
    *) names=$names,IP:$name ;;
  esac
done

# In a folder beside it first, so that there is all or nothing.
mkdir -p "$(dirname "$folder")"
here=$PWD
new=$(mktemp -d "$folder.XXXXXX")
trap 'cd "$here" && rm -rf "$new"' EXIT
cd "$new"
quietly() { "$@" >log 2>&1 || { cat log >&2; die 1 "$1 failed"; }; }
key="-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes"

# The authority, which signs itself.
# shellcheck disable=SC2086
quietly openssl req -x509 $key -keyout ca.key -out ca.crt -days "$days" -subj "/CN=fedkmeans test CA" \
  -addext basicConstraints=critical,CA:TRUE -addext keyUsage=critical,keyCertSign,cRLSign

# The server, which it signs.
# shellcheck disable=SC2086
quietly openssl req $key -keyout server.key -out server.csr -subj "/CN=${1:-localhost}"
printf 'subjectAltName=%s\nbasicConstraints=CA:FALSE\n' "$names" >server.ext
quietly openssl x509 -req -in server.csr -CA ca.crt -CAkey ca.key -CAcreateserial -out server.crt -days "$days" \
  -extfile server.ext

# The nodes: elliptic-curve keys in the format of OpenSSH, which is what Flower reads.
i=0
while [ "$i" -lt "$nodes" ]; do
  quietly ssh-keygen -q -t ecdsa -b 384 -N "" -C "" -f "node$i"
  i=$((i + 1))
done

rm -f log server.csr server.ext ca.srl
cd "$here"
mv "$new" "$folder"
trap - EXIT
echo "$folder: a test CA, a server's certificate for $names, and keys of $nodes nodes, good for $days days"
