#!/bin/sh
# Makes the tarball for npm, redpack-VERSION.tgz, with the addons that prebuilt/ has. With ZIG, a python3 that has
# ziglang and cargo-zigbuild beside it, the addon for Linux is built against the glibc of GLIBC instead of this
# machine's.
#
#   GLIBC    the oldest glibc that it must run on: 2.17 unless given
#   ZIG      the folder of a virtual environment, made by: python3 -m venv DIR && DIR/bin/pip install -r requirements-pack.txt
#   PROFILE  cargo's profile: release (unless given) or dev
set -eu
cd "$(dirname "$0")"
root=$(cd ../.. && pwd)
if [ -n "${ZIG:-}" ]; then
    target=$(rustc -vV | sed -n 's/^host: //p')
    profile=${PROFILE:-release}
    # cargo-zigbuild finds the zig of its own environment.
    PATH=$ZIG/bin:$PATH
    export PATH
    (cd "$root" && cargo-zigbuild zigbuild --quiet --locked --profile "$profile" --package redpack-node \
        --target "$target.${GLIBC:-2.17}")
    folder=${CARGO_TARGET_DIR:-$root/target}/$target/$([ "$profile" = dev ] && echo debug || echo "$profile")
    node scripts/place.js "$folder/libredpack_node.so"
else
    ./build.sh
fi
cp "$root/LICENSE-MIT" "$root/LICENSE-APACHE" .
npm pack --loglevel=error
