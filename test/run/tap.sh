# tap.sh - TAP for shell tests: `. test/run/tap.sh`, then is, ok, has, hasnt; `done_testing` at the end.
B=${B:-build}
d=$(mktemp -d)
trap 'rm -rf "$d"' EXIT
# A user has few kernel keys: only tests of the keyring, with $soundings, leave any there.
soundings=$(realpath "$B/soundings")
s=$d/soundings
printf '#!/bin/sh\nexec perl "%s/test/run/without_keyring" "%s" "$@"\n' "$PWD" "$soundings" >"$s"
chmod +x "$s"
export SOUNDINGS_CONFIG=data/demo/soundings.conf
unset SOUNDINGS_DB SOUNDINGS_NOW SOUNDINGS_LANG
test_count=0 test_failed=0
ok() { # STATUS WHAT
    test_count=$((test_count + 1))
    if [ "$1" -eq 0 ]; then echo "ok $test_count - $2"; else
        echo "not ok $test_count - $2"; test_failed=$((test_failed + 1)); fi
}
is() { # GOT EXPECTED WHAT
    [ "$1" = "$2" ] && ok 0 "$3" || { echo "# got      $1"; echo "# expected $2"; ok 1 "$3"; }
}
has() { # TEXT PATTERN WHAT
    printf '%s\n' "$1" | grep -q -e "$2" && ok 0 "$3" || { printf '# in: %s\n' "$1"; ok 1 "$3"; }
}
hasnt() { printf '%s\n' "$1" | grep -q -e "$2" && ok 1 "$3" || ok 0 "$3"; }
# The number behind "key" in a line of JSON.
number() { printf '%s\n' "$1" | sed -n "s/.*\"$2\": *\([0-9.-]*\).*/\1/p"; }
status() { "$@" >"$d/stdout" 2>"$d/stderr" </dev/null; echo $?; }
done_testing() { echo "1..$test_count"; [ "$test_failed" -eq 0 ]; }
