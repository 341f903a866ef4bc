#!/bin/sh
# do - the commands of this tree; each first installs what a bare Debian 12 lacks for it.
#
#   ./do demo              build, run the main job on the demo corpus, show its result
#   ./do test [--full]     build with and without sanitizers, run every test and lint
#   ./do build             the program: build/soundings
#   ./do bench [NAME]...   measure speed and memory (test/perf)
#   ./do fuzz [SECONDS]    fuzz every target of test/fuzz for so long (60 s)
#   ./do lint              the lints and the must-not-compile cases alone, with what they measured
#   ./do eval              quality measures on the data of ../shared, where that folder is
#   ./do help              this text
#
# Environment: JOBS (processors), SOUNDINGS_SHARED (../shared), SOUNDINGS_NO_INSTALL=1 (never
# install; fail on what is missing).
set -eu
unset CDPATH
cd -- "$(dirname -- "$0")"
JOBS=${JOBS:-$(nproc)}

# What Debian 12 calls what we need.  Each test tool is there for a named check of test/.
BUILD_PACKAGES='gcc g++ libc6-dev make binutils pkgconf ca-certificates
    libxxhash-dev libicu-dev libpcre2-dev libxml2-dev libcurl4-openssl-dev zlib1g-dev
    libsqlite3-dev libzstd-dev libsodium-dev libjansson-dev libconfuse-dev libsimdjson-dev'
TEST_PACKAGES='clang libclang-rt-14-dev clang-format libcmocka-dev pmccabe shellcheck jq perl sqlite3'
PEER_PACKAGES='libcld2-dev python3-sklearn python3-langdetect' # what bench measures against, beside libraries that we use ourselves

say() { printf 'do: %s\n' "$*" >&2; }

# require WHY PACKAGE...: nothing to do, and quick, when all of them are there.
require() {
    why=$1
    shift
    if ! command -v dpkg-query >/dev/null; then
        say "this is not Debian: going on as if these were installed: $*"
        return
    fi
    present=" $(dpkg-query -W -f='${db:Status-Abbrev}${Package}\n' "$@" 2>/dev/null |
        sed -n 's/^ii *//p' | tr '\n' ' ')"
    missing=
    for package in "$@"; do
        case $present in
        *" $package "*) ;;
        *) missing="$missing $package" ;;
        esac
    done
    [ -n "$missing" ] || return 0
    if [ -n "${SOUNDINGS_NO_INSTALL-}" ]; then
        say "missing $why:$missing"
        return 1
    fi
    root=
    if [ "$(id -u)" -ne 0 ]; then
        if ! command -v sudo >/dev/null; then
            say "missing $why:$missing"
            say "run as root: apt-get install --no-install-recommends$missing"
            return 1
        fi
        say 'not root: sudo is used to install packages, and may ask for your password'
        root=sudo
    fi
    say "installing $why:$missing"
    log=$(mktemp)
    for try in 1 2; do
        # shellcheck disable=SC2086 # both lists are split on purpose
        if $root apt-get -q update >"$log" 2>&1 &&
            $root env DEBIAN_FRONTEND=noninteractive apt-get -q -y --no-install-recommends \
                -o DPkg::Lock::Timeout=300 install $missing </dev/null >>"$log" 2>&1; then
            rm -f "$log"
            return 0
        fi
        [ "$try" = 2 ] || sleep 5
    done
    tail -n 5 "$log" >&2
    rm -f "$log"
    say "apt-get failed twice.  Is the network there?  On a machine without one, install by hand:$missing"
    return 1
}

# shellcheck disable=SC2086 # the lists are split on purpose
need_build() { require 'to build' $BUILD_PACKAGES; }
# shellcheck disable=SC2086
need_test() { require 'to build and test' $BUILD_PACKAGES $TEST_PACKAGES; }

compile() { make -s --no-print-directory -j"$JOBS" "$@"; }

build() {
    need_build
    compile all
}

demo() {
    build
    if [ ! -x tools/demo ]; then
        say 'tools/demo is missing: this copy of the tree is not complete'
        return 1
    fi
    tools/demo "$@"
}

run_tests() {
    case ${1-} in
    '') ;;
    --full) export SOUNDINGS_TEST_FULL=1 ;;
    *)
        say "no such option of test: $1"
        return 2
        ;;
    esac
    # Whatever goes wrong before the runner still ends with the line that says so.
    if need_test && compile all && compile SAN=1 tests; then
        test/run/run
    else
        say 'the tree does not build, so no test was run'
        echo '0 passed, 1 failed, 0 skipped'
        return 1
    fi
}

bench() {
    build
    # shellcheck disable=SC2086
    require 'to compare with' $PEER_PACKAGES || say 'going on without'
    B=build test/perf/bench "$@"
}

fuzz() {
    need_test
    compile FUZZ=1 fuzzers
    for target in test/fuzz/*.c; do
        [ -f "$target" ] || continue
        name=$(basename "$target" .c)
        new=build/fuzz/corpus/$name
        mkdir -p "$new" "test/fuzz/corpus/$name"
        say "fuzzing $name for ${1:-60} s; new inputs go to $new"
        build/fuzz/test/fuzz/"$name" -max_total_time="${1:-60}" -timeout=5 -rss_limit_mb=1024 \
            -print_final_stats=1 -artifact_prefix="build/fuzz/$name-" \
            "$new" "test/fuzz/corpus/$name"
    done
}

lint() {
    need_test
    compile all
    B=build test/run/run lint neg
}

evaluate() {
    need_test
    compile all
    B=build test/run/run -v eval
}

help() { sed -n '2,/^set -eu/s/^# \{0,1\}//p' ./do; }

command=${1:-help}
[ $# -eq 0 ] || shift
case $command in
build | demo | bench | fuzz | lint | help) "$command" "$@" ;;
test) run_tests "$@" ;;
eval) evaluate ;;
-h | --help) help ;;
*)
    say "no such command: $command (./do help tells what there is)"
    exit 2
    ;;
esac
