#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# A PostgreSQL cluster of one's own: pg.sh DIR PORT [durable]
# Makes the cluster in DIR unless it stands, starts it on 127.0.0.1:PORT, prints its url, and stops it when standard
# input ends: it never outlives the test that holds the other end. DIR must be short (it holds the socket).
# Without "durable" nothing is fsynced.
set -eu
dir=$1 port=$2 sync=${3:-}
bin=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -t/ -k5 -n | tail -1)
[ -n "$bin" ] || { echo "no PostgreSQL server in /usr/lib/postgresql" >&2; exit 1; }
as=
if [ "$(id -u)" = 0 ]; then
	as="runuser -u postgres --"
	chown postgres "$dir"
fi
fsync=off
[ -z "$sync" ] || fsync=on
cd "$dir"
if [ ! -d data ]; then
	$as "$bin/initdb" -D data --encoding=UTF8 --locale=C.UTF-8 -A trust -U postgres -N --no-instructions >initdb.log 2>&1 ||
		{ cat initdb.log >&2; exit 1; }
fi
$as "$bin/postgres" -D data -p "$port" -k "$dir" -c listen_addresses=127.0.0.1 -c fsync=$fsync -c max_connections=300 \
	-c shared_buffers=32MB -c log_min_messages=fatal -c autovacuum_naptime=10min \
	>>server.log 2>&1 </dev/null &
server=$!
tries=0
until "$bin/pg_isready" -q -h 127.0.0.1 -p "$port"; do
	tries=$((tries + 1))
	if [ $tries -gt 600 ] || ! kill -0 $server 2>/dev/null; then
		cat server.log >&2
		exit 1
	fi
	sleep 0.05
done
echo "postgresql://postgres@127.0.0.1:$port/postgres"
cat >/dev/null
# first line: the postmaster's pid; the file is gone when a test has stopped it already
pid=$(head -1 data/postmaster.pid 2>/dev/null || true)
[ -z "$pid" ] || kill -INT "$pid" 2>/dev/null || true
wait $server 2>/dev/null || true
