//! Packs the program's relocations where the system can read them packed (glibc from 2.36 on). Unpacked they are
//! 8 MB of the file that each start reads and that count as the server's memory from then on.

#![expect(
    clippy::disallowed_methods,
    reason = "a build script is told by its surroundings what it builds for"
)]

use std::process::Command;

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    let target = std::env::var("TARGET").unwrap_or_default();
    let here = std::env::var("HOST").is_ok_and(|host| host == target);
    if here && target.ends_with("linux-gnu") && glibc().is_some_and(|version| version >= (2, 36)) {
        println!("cargo:rustc-link-arg-bins=-Wl,-z,pack-relative-relocs");
    }
}

/// The version of the C library that programs made here run with.
fn glibc() -> Option<(u32, u32)> {
    let told = Command::new("getconf").arg("GNU_LIBC_VERSION").output().ok()?;
    let told = String::from_utf8(told.stdout).ok()?;
    let (major, minor) = told.trim().strip_prefix("glibc ")?.split_once('.')?;
    Some((major.parse().ok()?, minor.parse().ok()?))
}
