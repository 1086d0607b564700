#!/bin/sh
# Rebuilds tests/clients/recordings: runs each client that is installed against a server on the loopback that refuses,
# and keeps what the client printed. Python clients come from the environment PY, npm packages from the folder NODE.
#   PY=/path/to/venv NODE=/path/with/node_modules RUST=/path/to/program tests/clients/record.sh
set -u
here=$(cd "$(dirname "$0")" && pwd)
out=$here/recordings
port=${PORT:-18471}
base=http://127.0.0.1:$port
token=invented-token-MARKED-0123456789abcdef
py=${PY:-}/bin
node=${NODE:-}
mkdir -p "$out"
# Clients that ask for tokens speak TLS only: a server with a certificate of its own, which they are told to trust.
tls=$((port + 1))
keys=$(mktemp -d)
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=localhost \
    -addext "subjectAltName=IP:127.0.0.1" -keyout "$keys/key.pem" -out "$keys/ca.pem" 2>/dev/null
python3 "$here/refuse.py" "$port" &
server=$!
python3 "$here/refuse.py" "$tls" "$keys/ca.pem" "$keys/key.pem" &
secure=$!
trap 'kill $server $secure; rm -r "$keys"' EXIT INT TERM
for _ in 1 2 3 4 5 6 7 8 9 10; do
    curl -s -o /dev/null "$base/" && break
    sleep 0.3
done

# Keeps both streams of a command; paths of this machine's folders are shortened.
record() {
    name=$1
    shift
    "$@" >"$out/$name.txt" 2>&1 </dev/null
    sed -i -e "s#$(dirname "$py")#/venv#g" -e "s#$node#/app#g" -e "s#$here#/tests#g" -e "s#$HOME#/home/user#g" "$out/$name.txt"
    [ -s "$out/$name.txt" ] || rm -f "$out/$name.txt"
}

auth="Authorization: Bearer $token"
record curl-verbose curl -sv "$base/v1/me" -H "$auth"
record curl-include curl -si "$base/v1/me" -H "$auth"
record curl-fail curl -sS --fail "$base/v1/me" -H "$auth"
record curl-no-token curl -sv "$base/v1/me"
record curl-trace curl -s --trace-ascii - "$base/forbidden/x" -H "$auth"
record wget wget -O /dev/null "$base/v1/me" --header "$auth"
record wget-debug wget -d -O - --content-on-error "$base/v1/me" --header "$auth"
command -v java >/dev/null && for name in JavaHttp JavaUrl; do
    record "java-$name" java "$here/clients/$name.java" "$base/v1/me" "$token"
done
command -v go >/dev/null && for name in net_http bad_header; do
    record "go-$name" go run "$here/clients/$name.go" "$base" "$token"
done
command -v ruby >/dev/null && for script in "$here"/clients/*.rb; do
    record "ruby-$(basename "$script" .rb)" ruby "$script" "$base" "$token"
done
command -v php >/dev/null && for script in "$here"/clients/*.php; do
    record "php-$(basename "$script" .php)" php "$script" "$base" "$token"
done
jars=/usr/share/java
if command -v java >/dev/null && [ -f "$jars/okhttp.jar" ]; then
    record java-OkHttp java -cp "$jars/okhttp.jar:$jars/okio.jar" "$here/clients/OkHttp.java" "$base/v1/me" "$token"
fi
# RUST: a built program of clients/reqwest.rs.
[ -x "${RUST:-}" ] && record rust-reqwest "$RUST" "$base" "$token"
if [ -x "$py/python" ]; then
    for script in "$here"/clients/*.py; do
        REQUESTS_CA_BUNDLE=$keys/ca.pem \
            record "python-$(basename "$script" .py)" "$py/python" "$script" "$base" "$token" "https://127.0.0.1:$tls"
    done
    [ -x "$py/http" ] && record httpie "$py/http" --ignore-stdin -v "$base/v1/me" "$auth"
    [ -x "$py/http" ] && record httpie-response "$py/http" --ignore-stdin -p hb "$base/v1/me" "$auth"
fi
if [ -d "$node/node_modules" ]; then
    for script in "$here"/clients/*.mjs; do
        cp "$script" "$node/"
        har=
        [ "$script" = "$here/clients/chromium.mjs" ] && har=$out/chromium-har.txt
        record "node-$(basename "$script" .mjs)" node "$node/$(basename "$script")" "$base" "$token" $har
        rm -f "$node/$(basename "$script")"
    done
    sed -e "s#BASE#$base#g" -e "s#TOKEN#$token#g" "$here/clients/collection.json" >"$node/collection.json"
    mkdir -p "$node/bruno"
    for file in bruno.json me.bru; do
        sed -e "s#BASE#$base#g" -e "s#TOKEN#$token#g" "$here/clients/bruno/$file" >"$node/bruno/$file"
    done
    (cd "$node/bruno" && record bruno "$node/node_modules/.bin/bru" run --noproxy --output "$node/bruno.json")
    [ -s "$node/bruno.json" ] && cp "$node/bruno.json" "$out/bruno-report.txt"
    record newman "$node/node_modules/.bin/newman" run "$node/collection.json" --verbose --color off
fi
