#!/bin/sh
# Lays down what C and C++ programs need: libraries, headers, pkg-config and CMake files. `make install` calls it.
#   PREFIX  where it is used from (/usr/local)        DESTDIR  put in front of it while packages are made
#   LIBDIR  the libraries' folder (PREFIX/lib)        BUILT    where cargo left the libraries
#   STRIP   0 leaves the debug symbols in; NATIVE_LIBS, what a static link needs beside libredpack.a
set -eu

here=$(cd "$(dirname "$0")" && pwd)
top=$(cd "$here/../.." && pwd)
version=$(sed -n 's/^version = "\(.*\)"/\1/p' "$top/Cargo.toml" | head -n1)
soversion=${version%%.*}

PREFIX=${PREFIX:-/usr/local}
LIBDIR=${LIBDIR:-$PREFIX/lib}
DESTDIR=${DESTDIR:-}
BUILT=${BUILT:-$top/target/release}
# What `rustc --print native-static-libs` says for this library on Linux with glibc, without what every C program
# is linked with anyhow; ffi/tests/install.rs links and runs a static program with exactly these.
NATIVE_LIBS=${NATIVE_LIBS:--lgcc_s -lutil -lrt -lpthread -lm -ldl}

for place in "$PREFIX" "$LIBDIR"; do
    case $place in
        /*) ;;
        *) echo "PREFIX and LIBDIR must be absolute: $place" >&2; exit 1 ;;
    esac
done
for file in libredpack_ffi.so libredpack_ffi.a; do
    [ -f "$BUILT/$file" ] || { echo "not built: $BUILT/$file (ffi/install/build.sh)" >&2; exit 1; }
done

lib=$DESTDIR$LIBDIR
include=$DESTDIR$PREFIX/include
mkdir -p "$lib/pkgconfig" "$lib/cmake/redpack" "$include/redpack"

so=libredpack.so.$version
# A new file, not new content of the old one: programs that run go on with the old one.
rm -f "$lib/$so" "$lib/libredpack.a"
cp "$BUILT/libredpack_ffi.so" "$lib/$so"
cp "$BUILT/libredpack_ffi.a" "$lib/libredpack.a"
chmod 755 "$lib/$so"
chmod 644 "$lib/libredpack.a"
if [ "${STRIP:-1}" = 1 ]; then
    # The archive keeps its symbols, since programs are linked with them; only what debuggers read goes.
    strip --strip-unneeded "$lib/$so"
    strip --strip-debug "$lib/libredpack.a"
fi
ln -sf "$so" "$lib/libredpack.so.$soversion"
ln -sf "libredpack.so.$soversion" "$lib/libredpack.so"

install_header() { cp "$top/include/$1" "$include/$1" && chmod 644 "$include/$1"; }
for header in redpack.h redpack.hpp $(cd "$top/include" && echo redpack/*.hpp); do install_header "$header"; done

# CMake's files find the rest from where they are, so that an installed tree can be moved.
up=$(printf '%s' "${LIBDIR#"$PREFIX"/}/cmake/redpack" | sed 's|[^/]\{1,\}|..|g')
if [ "${LIBDIR#"$PREFIX"/}" = "$LIBDIR" ]; then root=$PREFIX; else root="\${CMAKE_CURRENT_LIST_DIR}/$up"; fi
fill() { # TEMPLATE TARGET
    sed -e "s|@PREFIX@|$PREFIX|g" -e "s|@LIBDIR@|$LIBDIR|g" -e "s|@VERSION@|$version|g" \
        -e "s|@SOVERSION@|$soversion|g" -e "s|@NATIVE_LIBS@|$NATIVE_LIBS|g" -e "s|@ROOT@|$root|g" \
        -e "s|@CMAKE_LIBS@|$(printf '%s' "$NATIVE_LIBS" | sed 's/-l//g; s/ /;/g')|g" "$here/$1" > "$2"
    chmod 644 "$2"
}
fill redpack.pc.in "$lib/pkgconfig/redpack.pc"
fill redpackConfig.cmake.in "$lib/cmake/redpack/redpackConfig.cmake"
fill redpackConfigVersion.cmake.in "$lib/cmake/redpack/redpackConfigVersion.cmake"
echo "installed redpack $version in $DESTDIR$PREFIX"
