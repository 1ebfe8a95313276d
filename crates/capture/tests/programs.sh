#!/usr/bin/env bash
# Real programs talk between two network namespaces, and dumpcap writes down what they say: programs.sh FILE
#
# To be started in namespaces of its own: unshare -Urnm, or as root unshare -nm. What a machine does not have is left
# out and said on stderr.
set -u
file=$1
work=$(mktemp -d)
jobs=()
trap 'kill "${jobs[@]}" 2>/dev/null; wait 2>/dev/null; rm -rf "$work"' EXIT
mount -t tmpfs none /run 2>/dev/null
mkdir -p /run/netns

has() { command -v "$1" >/dev/null || { echo "SKIPPED: no $1" >&2; return 1; }; }
# there COMMAND…: runs it in the other namespace.
there() { ip netns exec there "$@"; }
# until_true COMMAND…: waits until it succeeds, for ten seconds at most.
until_true() { for _ in $(seq 200); do "$@" >/dev/null 2>&1 && return; sleep 0.05; done; echo "gave up: $*" >&2; return 1; }

ip netns add there && ip link add here type veth peer name there netns there || exit 1
ip link set lo up; ip addr add 192.0.2.1/24 dev here; ip -6 addr add fd00:db8::1/64 dev here nodad; ip link set here up
there ip link set lo up; there ip -6 addr add fd00:db8::2/64 dev there nodad; there ip link set there up

# dumpcap, because tcpdump wants to become another user, which a namespace of an ordinary user does not have.
dumpcap -q -P -i here -w "$file" 2>"$work/capture" & capture=$!
until_true grep -q "^File" "$work/capture"

if has dnsmasq; then
  printf 'hello from tftp\n' >"$work/hello.txt"
  dnsmasq --no-daemon --conf-file=/dev/null --interface=here --bind-interfaces --no-resolv --no-hosts --user=root \
    --dhcp-range=192.0.2.50,192.0.2.60,1h --dhcp-option=option:domain-search,example.test,a.example.test \
    --dhcp-option=option:ntp-server,192.0.2.1 --dhcp-leasefile="$work/leases" --enable-ra \
    --dhcp-range=fd00:db8::50,fd00:db8::60,64,1h --dhcp-option=option6:dns-server,[fd00:db8::1] \
    --enable-tftp --tftp-root="$work" --address=/www.example.test/192.0.2.1 --address=/www.example.test/fd00:db8::1 \
    --mx-host=example.test,mail.example.test,10 --txt-record=example.test,"v=spf1 -all",two \
    --srv-host=_http._tcp.example.test,www.example.test,80,1,2 --cname=alias.example.test,www.example.test \
    --caa-record=example.test,0,issue,ca.example --naptr-record=example.test,1,2,u,E2U,!^.*$!x!,. \
    --ptr-record=1.2.0.192.in-addr.arpa,www.example.test 2>"$work/dnsmasq" & jobs+=($!)
  until_true grep -q 'started' "$work/dnsmasq"
  if has dhclient; then
    there dhclient -1 -sf /bin/true -lf "$work/v4" -pf "$work/v4.pid" there 2>/dev/null
    there timeout 8 dhclient -6 -1 -sf /bin/true -lf "$work/v6" -pf "$work/v6.pid" there 2>/dev/null
    there dhclient -r -sf /bin/true -lf "$work/v4" -pf "$work/v4.pid" there 2>/dev/null
  fi
fi
there ip addr add 192.0.2.2/24 dev there
if has dig; then
  for question in 'www.example.test A' 'www.example.test AAAA' 'example.test MX' 'example.test TXT' \
    '_http._tcp.example.test SRV' 'alias.example.test CNAME' 'example.test CAA' 'example.test NAPTR' \
    '-x 192.0.2.1' 'nothing.example.test A' 'www.example.test A +tcp' 'www.example.test A +dnssec +nsid +subnet=198.51.100.0/24'; do
    # shellcheck disable=SC2086
    there dig @192.0.2.1 +time=2 +tries=1 $question >/dev/null
  done
fi
if has ping; then
  there ping -c 2 -s 100 192.0.2.1 >/dev/null
  there ping -c 1 -R 192.0.2.1 >/dev/null
  there ping -c 1 -T tsonly 192.0.2.1 >/dev/null
  there ping -c 1 -s 4000 192.0.2.1 >/dev/null
  there ping -c 2 fd00:db8::1 >/dev/null
  there ping -c 1 -s 4000 fd00:db8::1 >/dev/null
fi
if has traceroute; then
  there traceroute -n -w 1 -q 1 192.0.2.1 >/dev/null
  there traceroute -n -w 1 -q 1 fd00:db8::1 >/dev/null
  there traceroute -n -T -w 1 -q 1 192.0.2.1 >/dev/null 2>&1
fi
if has python3 && has curl; then
  (cd "$work" && exec python3 -u -m http.server --bind 192.0.2.1 80) >"$work/http" 2>&1 & jobs+=($!)
  until_true grep -q Serving "$work/http"
  there curl -s http://192.0.2.1/hello.txt http://192.0.2.1/missing -A 'curl/1' -H 'Cookie: a=b' >/dev/null
  there curl -sI http://192.0.2.1/ >/dev/null
  there curl -s tftp://192.0.2.1/hello.txt >/dev/null
fi
if has openssl && has curl; then
  openssl req -x509 -newkey rsa:2048 -nodes -subj /CN=www.example.test -keyout "$work/key" -out "$work/cert" 2>/dev/null
  for version in tls1_2 tls1_3; do
    openssl s_server -accept 192.0.2.1:443 -www -key "$work/key" -cert "$work/cert" -"$version" -alpn http/1.1 >"$work/tls" 2>&1 & tls=$!
    until_true grep -q ACCEPT "$work/tls"
    there curl -sk --resolve www.example.test:443:192.0.2.1 https://www.example.test/ >/dev/null
    kill "$tls"; wait "$tls" 2>/dev/null
  done
fi
if [ -x /usr/sbin/sshd ] && has ssh; then
  mkdir -p /run/sshd
  ssh-keygen -q -t ed25519 -N '' -f "$work/host"
  /usr/sbin/sshd -D -e -f /dev/null -h "$work/host" -o ListenAddress=192.0.2.1 -p 22 2>"$work/sshd" & jobs+=($!)
  until_true grep -q listening "$work/sshd"
  there ssh -o BatchMode=yes -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null nobody@192.0.2.1 true 2>/dev/null
fi
# What was sent last has its answer once this one has: dumpcap has seen it all.
there ping -c 1 192.0.2.1 >/dev/null
kill -INT "$capture"; wait "$capture" 2>/dev/null
exit 0
