# pipe.sh - for tests of a run that stays open, after tap.sh: begin, say and end; what it wrote so far.
cp -r data/demo "$d/city"
sed '/^k *=/d; /^retention_days *=/d' data/demo/soundings.conf >"$d/city/soundings.conf"
printf 'k = 10\nretention_days = 2\n' >>"$d/city/soundings.conf"
export SOUNDINGS_CONFIG="$d/city/soundings.conf" SOUNDINGS_DB="$d/live.db"

clock() { echo "$1" >"$d/now.new" && mv "$d/now.new" "$d/now"; }
begin() { # a run that reads what is written to 3
    rm -f "$d/pipe" && mkfifo "$d/pipe"
    "$@" ingest --jsonl --source cho --as jsonl - <"$d/pipe" >"$d/acks" 2>"$d/said" &
    run=$!
    exec 3>"$d/pipe"
}
end() {
    exec 3>&-
    wait $run
    ended=$?
}
until_that() { # COMMAND...: within ten seconds
    for _ in $(seq 100); do
        "$@" >/dev/null 2>&1 && return 0
        sleep 0.1
    done
    return 1
}
acked() { tail -n 1 "$d/acks" | grep -q ": $1}"; }
say() { # NAME COUNT [TIME]: people who speak of one thing
    for n in $(seq "$2"); do
        printf '{"id":"%s-%s","author_token":"%s-%s","text":"Mất nước ở chợ Cũ từ sáng, %s","time":"%s"}\n' \
            "$1" "$n" "$1" "$n" "$n" "$3" | sed 's/,"time":""//'
    done >&3
}
exported() { rm -rf "$d/out" && $s export --out "$d/out" >/dev/null 2>&1; }
covered() { exported && grep -q "\"day\":\"$1\",\"items_at_least\":$2," "$d/out/coverage.jsonl"; }
