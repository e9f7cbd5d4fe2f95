#!/bin/sh
# Tests the PHP package: sets up what it needs, builds the native library and the sandbox, runs everything. Fails if
# anything fails; says what was left out where a tool is missing.
#
#   REDPACK_LIBRARY, REDPACK_BIN   the built library and command, if you have them: nothing is built then
#   PROFILE                        cargo's profile: dev (unless given) or release
#   REDPACK_HOSTILE, REDPACK_CANARY   the built servers of tests/hostile and tests/canary, if you have them
#   REDPACK_VECTORS                another folder than tests/vectors
set -eu
cd "$(dirname "$0")"
package=$(pwd)
root=$(cd ../.. && pwd)
export RUST_BACKTRACE=0

"$root/.ci/setup" tests

profile=${PROFILE:-dev}
target=${CARGO_TARGET_DIR:-$root/target}/$([ "$profile" = dev ] && echo debug || echo "$profile")
if [ -z "${REDPACK_LIBRARY:-}" ]; then
    (cd "$root" && cargo build --quiet --locked --profile "$profile" --package redpack-ffi)
    REDPACK_LIBRARY=$target/libredpack_ffi.so
fi
if [ -z "${REDPACK_BIN:-}" ]; then
    (cd "$root" && cargo build --quiet --locked --profile "$profile" --package redpack-cli)
    REDPACK_BIN=$target/redpack
fi
# The servers of tests/hostile and tests/canary.
if [ -z "${REDPACK_HOSTILE:-}" ] || [ -z "${REDPACK_CANARY:-}" ]; then
    (cd "$root" && cargo build --quiet --locked --profile "$profile" --package redpack-canary --package redpack-hostile)
    REDPACK_HOSTILE=$target/hostile REDPACK_CANARY=$target/canary-server
fi
export REDPACK_LIBRARY REDPACK_BIN REDPACK_HOSTILE REDPACK_CANARY

left_out=""
for file in autoload.php preload.php src/*/*.php examples/*.php bench/*.php tests/*.php tests/*/*.php; do
    php -l "$file" >/dev/null || { php -l "$file"; exit 1; }
done

if command -v composer >/dev/null 2>&1; then
    # In a copy: what Composer makes (vendor/) is no part of the package.
    copy=$(mktemp -d)
    trap 'rm -rf "$copy"' EXIT
    cp -R composer.json src "$copy"
    (
        cd "$copy"
        export COMPOSER_ALLOW_SUPERUSER=1 COMPOSER_DISABLE_NETWORK=1
        composer validate --quiet --strict --no-check-publish
        composer dump-autoload --quiet --no-interaction --strict-psr --optimize
        php -r 'require "vendor/autoload.php"; echo "composer: ", Redpack\Protocol::version(), "\n";'
    )
else
    left_out="$left_out composer"
fi

[ -n "$(ls /usr/sbin/php-fpm* /usr/local/sbin/php-fpm 2>/dev/null)" ] || left_out="$left_out php-fpm"
php -m | grep -qx pcntl || left_out="$left_out pcntl"

if ! command -v phpunit >/dev/null 2>&1; then
    echo "phpunit is missing: nothing was tested (Debian: apt-get install phpunit)" >&2
    exit 1
fi
phpunit --configuration "$package/phpunit.xml" "$@"
[ -z "$left_out" ] || echo "left out, for want of:$left_out"
