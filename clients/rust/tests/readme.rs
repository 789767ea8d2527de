//! The example in README.md is the one that is compiled, and run where `LOCI_ADDRESS` names a server.

use std::path::PathBuf;
use std::process::Command;

#[test]
fn the_readme_shows_the_example_that_is_run() {
    let block = concat!("```rust\n", include_str!("../examples/readme.rs"), "```\n");
    assert!(include_str!("../README.md").contains(block));
}

#[test]
fn the_example_prints_what_the_readme_says() {
    if std::env::var_os("LOCI_ADDRESS").is_none() {
        eprintln!("compiled, and not run: LOCI_ADDRESS names no server");
        return;
    }
    let output = Command::new(example()).output().expect("cargo has built the example");
    assert_eq!(String::from_utf8_lossy(&output.stdout), "Ann plays the cello.\n", "{output:?}");
}

/// Beside `deps`, where this test is.
fn example() -> PathBuf {
    let test = std::env::current_exe().expect("this test is a program");
    let target = test.parent().and_then(|deps| deps.parent()).expect("it is in target/PROFILE/deps");
    target.join("examples").join("readme")
}
