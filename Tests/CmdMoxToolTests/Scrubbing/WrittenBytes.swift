import SystemPackage

/// What processes write to files below a folder, and what names they make there: as strace sees it, so
/// that files which are deleted at once, or overwritten, count too.
struct WrittenBytes {
  /// Where strace notes it; outside of the folder.
  let log: FilePath

  /// Stands before a command.
  var watcher: [String] {
    let calls = [
      "write", "pwrite64", "writev", "pwritev", "pwritev2", "sendfile", "splice", "copy_file_range",
      "openat", "mkdir", "mkdirat", "link", "linkat", "symlink", "symlinkat", "rename", "renameat",
      "renameat2", "mknod", "mknodat", "setxattr", "fsetxattr",
    ]
    return [
      "strace", "-f", "-qq", "-y", "--seccomp-bpf", "-s", "100000000", "-e", "signal=none",
      "-e", "trace=" + calls.joined(separator: ","), "-o", log.string,
    ]
  }

  /// What was written to files whose paths begin so, and the names that were made there.
  ///
  /// Pipes are no files: events of processes pass through them.
  func lines(below prefix: String) throws -> [UInt8] {
    let written = #"^[0-9]+ +[a-z0-9]+\([0-9]+<"# + prefix
    let named = #"^[0-9]+ +(mk|link|symlink|rename|open.*O_CREAT)[^\"]*\".*"# + prefix
    let pipes = #"^[0-9]+ +[a-z0-9]+\([0-9]+<[^>]*/(events|done)>"#
    return try Command(
      "sh", "-c", "grep -aE -e \"$1\" -e \"$2\" \"$4\" | grep -avE \"$3\"", "sh", written, named,
      pipes,
      log.string
    ).run(limitMs: 120_000).output
  }
}
