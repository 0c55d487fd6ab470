import CmdMox

/// Recordings as a build and a deployment have them.
enum TypicalRecording {
  /// A compiler's, without streams.
  static let traced: RecordedInvocation = {
    var process = ProcessFacts(pid: 4211)
    process.cwd = "/home/me/project/src"
    process.executable = "/usr/bin/gcc"
    return RecordedInvocation(
      sequence: 0, command: "gcc",
      args: [
        "-DHAVE_CONFIG_H", "-I.", "-I../include", "-Wall", "-g", "-O2", "-MT", "main.o", "-MD",
        "-MP", "-MF", ".deps/main.Tpo", "-c", "-o", "main.o", "../src/main.c",
      ],
      timestamp: "2026-02-25T10:30:01.000000Z", durationMs: 12, process: process)
  }()

  /// A command's, with 2 KB of output.
  static let captured: RecordedInvocation = {
    var recording = traced
    recording.command = "git"
    recording.args = ["push", "origin", "main"]
    recording.stdout = BuildLog.text(bytes: 2000)
    recording.envSubset = ["GIT_AUTHOR_NAME": "Me", "GIT_DIR": ".git"]
    return recording
  }()

  /// The same with a few secrets.
  static let secret: RecordedInvocation = {
    var recording = captured
    recording.args = ["push", "https://me:s3cr3t@h.example/o/r", "--token", "0123456789abcdef"]
    recording.stdout = BuildLog.text(bytes: 2000, secretEvery: 8)
    return recording
  }()
}
