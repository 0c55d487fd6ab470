//! Calls what the build script has made, and runs commands.

use std::process::Command;

include!(concat!(env!("OUT_DIR"), "/generated.rs"));

extern "C" {
    fn twice(number: i32) -> i32;
}

fn main() {
    let mut buffer = itoa::Buffer::new();
    println!("{}", buffer.format(unsafe { twice(answer() as i32) }));
}

#[test]
fn statuses_are_the_commands_own() {
    let status = Command::new("sh").args(["-c", "exit 3"]).status().unwrap();
    assert_eq!(status.code(), Some(3));
    let output = Command::new("echo").arg("text").env_clear().output().unwrap();
    assert_eq!(output.stdout, b"text\n");
    assert!(Command::new("no-such-program").spawn().is_err());
}

#[test]
fn a_directory_and_an_identity_need_fork_and_exec() {
    use std::os::unix::process::CommandExt;
    let mut command = Command::new("pwd");
    command.current_dir("/").process_group(0);
    unsafe { command.pre_exec(|| Ok(())) };
    assert_eq!(command.output().unwrap().stdout, b"/\n");
}
