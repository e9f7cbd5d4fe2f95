#!/bin/sh
# Builds the addon for this machine into prebuilt/, where lib/native.js looks for it.
#
#   PROFILE   cargo's profile: release (unless given) or dev
set -eu
cd "$(dirname "$0")"
root=$(cd ../.. && pwd)
profile=${PROFILE:-release}
(cd "$root" && cargo build --quiet --locked --profile "$profile" --package redpack-node)
target=${CARGO_TARGET_DIR:-$root/target}/$([ "$profile" = dev ] && echo debug || echo "$profile")
for library in "$target/libredpack_node.so" "$target/libredpack_node.dylib" "$target/redpack_node.dll"; do
    if [ -e "$library" ]; then
        exec node scripts/place.js "$library"
    fi
done
echo "cargo built no addon in $target" >&2
exit 1
