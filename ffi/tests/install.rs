//! What `make install` lays down is found and used by pkg-config and by CMake, from outside of the tree.
#![cfg(target_os = "linux")]
#![allow(missing_docs, clippy::expect_used, clippy::panic, clippy::pedantic, reason = "tests")]

mod support;

use std::path::{Path, PathBuf};
use std::process::Command;

use support::{C99, CPP17, Workshop, World, built, here, run, succeeds, tool};

/// Installs what this test was built with. Debug symbols stay in: to strip them takes longer than all the rest.
fn install(variables: &[(&str, &Path)]) {
    let mut command = Command::new(here().join("install/install.sh"));
    command.env("BUILT", built()).env("STRIP", "0").env_remove("DESTDIR").env_remove("LIBDIR");
    succeeds(command.envs(variables.iter().copied()));
}

fn words(text: &str) -> Vec<String> {
    text.split_whitespace().map(str::to_owned).collect()
}

/// What pkg-config says, with the paths of a staged tree where it is staged.
fn pkg_config(libdir: &Path, arguments: &[&str]) -> Vec<String> {
    let mut command = tool("pkg-config", "pkg-config");
    words(&succeeds(command.env("PKG_CONFIG_PATH", libdir.join("pkgconfig")).args(arguments).arg("redpack")))
}

fn example(name: &str) -> PathBuf {
    here().join("examples").join(name)
}

fn builds_and_pays(compiler: &mut Command, libdir: &Path, program: &Path, dynamic: bool) {
    succeeds(compiler.arg("-o").arg(program));
    let needed = succeeds(tool("readelf", "binutils").arg("-d").arg(program));
    assert_eq!(needed.contains("[libredpack.so.0]"), dynamic, "{needed}");
    let world = World::new();
    let mut command = Command::new(program);
    command.args(["1900000109261124abcdefghijkl", "oxTWIuGaIt6gTKsQRLau2M0yL16E", "100"]);
    let said = succeeds(world.at(&mut command).env("LD_LIBRARY_PATH", libdir));
    assert!(said.starts_with("sent: 1000000000"), "{said}");
    assert_eq!(world.debits(), 1);
}

#[test]
fn pkg_config_and_cmake_find_both_libraries() {
    let shop = Workshop::new();
    let (prefix, libdir) = (shop.path("prefix"), shop.path("prefix/lib/x86_64-linux-gnu"));
    install(&[("PREFIX", &prefix), ("LIBDIR", &libdir)]);
    for folder in ["", "redpack"] {
        for entry in std::fs::read_dir(support::include().join(folder)).expect("a folder").flatten() {
            let installed = prefix.join("include").join(folder).join(entry.file_name());
            assert!(installed.exists(), "{}", installed.display());
        }
    }
    let link = |name: &str| std::fs::read_link(libdir.join(name)).expect(name);
    assert_eq!(link("libredpack.so"), Path::new("libredpack.so.0"));
    let version = env!("CARGO_PKG_VERSION");
    assert_eq!(link("libredpack.so.0"), PathBuf::from(format!("libredpack.so.{version}")));
    assert_eq!(pkg_config(&libdir, &["--modversion"]), [version]);

    let shared = pkg_config(&libdir, &["--cflags", "--libs"]);
    let mut gcc = tool("gcc", "gcc");
    builds_and_pays(gcc.args(C99).arg(example("send.c")).args(&shared), &libdir, &shop.path("shared"), true);

    // The archive in place of -lredpack: with both there, the linker would take the shared library.
    let mut libs = pkg_config(&libdir, &["--cflags", "--libs", "--static"]);
    for word in &mut libs {
        if word == "-lredpack" {
            *word = libdir.join("libredpack.a").display().to_string();
        }
    }
    let mut gcc = tool("gcc", "gcc");
    builds_and_pays(gcc.args(C99).arg(example("send.c")).args(&libs), &libdir, &shop.path("static"), false);

    let mut gpp = tool("g++", "g++");
    succeeds(gpp.args(CPP17).arg(example("walkthrough.cpp")).args(&shared).arg("-o").arg(shop.path("cpp")));

    cmake_pays(&shop, &prefix, &libdir);
}

fn cmake_pays(shop: &Workshop, prefix: &Path, libdir: &Path) {
    let source = shop.path("project");
    std::fs::create_dir(&source).expect("a folder");
    let lists = "cmake_minimum_required(VERSION 3.13)\nproject(consumer LANGUAGES C CXX)\n\
        find_package(redpack 0.1 REQUIRED)\nfind_package(redpack REQUIRED)\n\
        add_executable(shared \"${EXAMPLES}/send.c\")\ntarget_link_libraries(shared redpack::redpack)\n\
        add_executable(static \"${EXAMPLES}/send.c\")\ntarget_link_libraries(static redpack::static)\n";
    std::fs::write(source.join("CMakeLists.txt"), lists).expect("a file");
    let build = shop.path("cmake");
    let mut configure = tool("cmake", "cmake");
    configure.arg("-S").arg(&source).arg("-B").arg(&build);
    configure.arg(format!("-DCMAKE_PREFIX_PATH={}", prefix.display()));
    configure.arg(format!("-DEXAMPLES={}", here().join("examples").display()));
    // Debian's layout is where CMake looks by itself only if the machine's architecture is that one.
    configure.arg(format!("-Dredpack_DIR={}", libdir.join("cmake/redpack").display()));
    succeeds(&mut configure);
    succeeds(tool("cmake", "cmake").arg("--build").arg(&build));
    for (name, dynamic) in [("shared", true), ("static", false)] {
        let program = build.join(name);
        let needed = succeeds(tool("readelf", "binutils").arg("-d").arg(&program));
        assert_eq!(needed.contains("[libredpack.so.0]"), dynamic, "{needed}");
        let world = World::new();
        let mut command = Command::new(&program);
        command.args(["1900000109261124abcdefghijkl", "oxTWIuGaIt6gTKsQRLau2M0yL16E", "100"]);
        succeeds(world.at(&mut command));
        assert_eq!(world.debits(), 1);
    }
    let newer = shop.path("newer");
    std::fs::create_dir(&newer).expect("a folder");
    std::fs::write(newer.join("CMakeLists.txt"), lists.replace("redpack 0.1", "redpack 0.2"))
        .expect("a file");
    let mut refused = tool("cmake", "cmake");
    refused.arg("-S").arg(&newer).arg("-B").arg(newer.join("build"));
    refused.arg(format!("-Dredpack_DIR={}", libdir.join("cmake/redpack").display()));
    assert_ne!(run(&mut refused).status, 0, "0.1.0 passes for 0.2");
}

#[test]
fn a_staged_tree_names_the_place_where_it_will_be() {
    let shop = Workshop::new();
    let stage = shop.path("stage");
    install(&[("PREFIX", Path::new("/opt/redpack")), ("DESTDIR", &stage)]);
    let libdir = stage.join("opt/redpack/lib");
    let said = pkg_config(&libdir, &["--cflags", "--libs"]);
    assert_eq!(said, ["-I/opt/redpack/include", "-L/opt/redpack/lib", "-lredpack"]);
    let text = std::fs::read_to_string(libdir.join("cmake/redpack/redpackConfig.cmake")).expect("a file");
    assert!(!text.contains("stage") && !text.contains('@'), "{text}");
}

#[test]
fn a_relative_prefix_is_refused() {
    let mut command = Command::new(here().join("install/install.sh"));
    let run = run(command.env("BUILT", built()).env("PREFIX", "somewhere").env_remove("LIBDIR"));
    assert_eq!(run.status, 1);
    assert!(run.stderr.contains("must be absolute"), "{}", run.stderr);
}
