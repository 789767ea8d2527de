//! The example in README.md is the one that is compiled and run.

#[test]
fn the_readme_shows_the_example_that_is_run() {
    let block = concat!("```rust\n", include_str!("../examples/readme.rs"), "```\n");
    assert!(include_str!("../README.md").contains(block));
}
