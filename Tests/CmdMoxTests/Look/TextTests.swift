import Glibc
import SystemPackage
import Testing

@testable import CmdMox

@Suite("Text that people see") struct LookTextTests {
  static let nasty: [[UInt8]] = [
    Array("\u{1b}[31mred\u{1b}]0;title\u{07}".utf8), Array("\r\n\t\u{08}\u{7f}".utf8),
    Array("\u{9b}31m".utf8), Array("a\u{202e}b\u{2066}c\u{200f}".utf8), [0xff, 0xfe, 0x41],
    [0xc3], Array("\u{2028}\u{feff}".utf8), Array("'\\\"`$(id)!*?".utf8), [], Array("-n".utf8),
    Array("ümlaut 日本 😀".utf8), Array("'\u{1b}'".utf8), Array("\\x1b\u{1}\\".utf8),
  ]

  @Test("No control character, no bidirectional mark, no broken UTF-8 comes out", arguments: nasty)
  func harmless(bytes: [UInt8]) {
    for text in [VisibleText.line(bytes), ShellWord.quoted(bytes)] {
      #expect(text.unicodeScalars.allSatisfy(VisibleText.isPlain), "\(text.debugDescription)")
    }
    let lines = VisibleText.lines(bytes)
    #expect(
      lines.unicodeScalars.allSatisfy { VisibleText.isPlain($0) || $0 == "\n" || $0 == "\t" })
  }

  @Test("What can be shown stands as it is")
  func plain() {
    #expect(VisibleText.line("grün 日本".utf8) == "grün 日本")
    #expect(VisibleText.line("\u{1b}[1m\n".utf8) == "\\x1b[1m\\x0a")
    #expect(VisibleText.lines("a\tb\nc".utf8) == "a\tb\nc")
  }

  @Test("bash reads a quoted word back as the same bytes", arguments: nasty)
  func quoting(bytes: [UInt8]) throws {
    let script = "printf %s " + ShellWord.quoted(bytes)
    #expect(try Self.output(of: ["bash", "-c", script]) == bytes, "\(script)")
  }

  @Test(
    "A pasted line runs the same command",
    arguments: ["-n", "--help", "A=B", "if", "echo", "printf", "a b"])
  func paste(program: String) throws {
    let folder = try TemporaryFolder()
    let file = folder.path.appending(program).string
    let stream = try #require(fopen(file, "w"))
    fputs("#!/bin/sh\nprintf '%s|' \"$PWD\" \"$V\" \"$@\"\n", stream)
    fclose(stream)
    chmod(file, 0o755)
    var recording = RecordedInvocation(
      sequence: 0, command: program, args: ["-x", "A=B", "it's"], envSubset: ["V": "; id"],
      timestamp: "", process: ProcessFacts(pid: 1))
    recording.process?.cwd = folder.path.string
    let line = "PATH=\(folder.path):$PATH; " + recording.pasteLine
    let expected = "\(folder.path)|; id|-x|A=B|it's|"
    #expect(try Self.output(of: ["bash", "-c", line]) == Array(expected.utf8), "\(line)")
    recording.envSubset = [:]
    let bare = "PATH=\(folder.path):$PATH; " + recording.pasteLine
    #expect(
      try Self.output(of: ["bash", "-c", bare])
        == Array(expected.replacing("; id", with: "").utf8), "\(bare)")
  }

  @Test("A program is named as its caller named it")
  func program() {
    var recording = Looked.recording(0, "tool x") {
      $0.executable = "/opt/bin/tool"
      $0.argv0 = "./tool"
    }
    #expect(recording.pasteLine == "./tool x")
    recording.process?.argv0 = "-login"
    #expect(recording.pasteLine == "/opt/bin/tool x")
    recording.process?.argv0 = nil
    #expect(recording.pasteLine == "tool x")
  }

  @Test("A command line of megabytes is cut where nobody looks any more")
  func long() {
    let huge = String(repeating: "x", count: 1 << 20)
    let recording = RecordedInvocation(
      sequence: 0, command: "echo", args: [huge, huge], timestamp: "")
    #expect(recording.commandLine().utf8.count == 4 + 2 * (1 + huge.utf8.count))
    #expect(recording.commandLine(limit: 80).utf8.count < 1000)
  }

  @Test(
    "Columns are counted, not bytes",
    arguments: [
      ("abc", 3, "abc"), ("abcd", 3, "ab…"), ("日本語", 6, "日本語"), ("日本語", 5, "日本…"),
      ("üüü", 3, "üüü"), ("e\u{301}e\u{301}", 2, "e\u{301}e\u{301}"), ("abc", 0, ""), ("", 5, ""),
    ])
  func columns(text: String, columns: Int, shown: String) {
    #expect(DisplayWidth.shortened(text, to: columns) == shown)
  }

  @Test(
    "Times have three digits and a unit",
    arguments: [
      (0, "0 µs"), (999, "999 µs"), (1000, "1.00 ms"), (12_345, "12.3 ms"), (123_456, "123 ms"),
      (4_567_890, "4.56 s"), (61_000_000, "1 min 01 s"), (7_500_000_000, "2 h 05 min"),
    ])
  func durations(us: Int, text: String) { #expect(Quantities.duration(us: us) == text) }

  @Test(
    "Timestamps of ours and of Python's are read",
    arguments: [
      ("1970-01-01T00:00:00Z", 0), ("2026-02-25T10:30:01.000250Z", 1_772_015_401_000_250),
      ("2026-02-25T11:30:01.00025+01:00", 1_772_015_401_000_250),
      ("2026-02-25 10:30:01", 1_772_015_401_000_000), ("2000-02-29T00:00:00Z", 951_782_400_000_000),
      ("", nil), ("2026-13-01T00:00:00Z", nil), ("yesterday", nil), ("2026-02-25T10:30", nil),
    ])
  func timestamps(text: String, microseconds: Int?) {
    #expect(Timestamp(text)?.microseconds == microseconds)
  }

  @Test("What a timestamp writes it reads", arguments: [0, 951_868_799_999_999, -1, 1 << 50])
  func roundTrip(microseconds: Int) {
    let moment = Timestamp(microseconds: microseconds)
    #expect(Timestamp(moment.description) == moment)
  }

  static func output(of arguments: [String]) throws -> [UInt8] {
    let folder = try TemporaryFolder()
    let file = folder.path.appending("output").string
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, 1, file, O_WRONLY | O_CREAT, 0o600)
    let words: [UnsafeMutablePointer<CChar>?] = arguments.map { strdup($0) } + [nil]
    defer { for word in words { free(word) } }
    var pid: pid_t = 0
    #expect(posix_spawnp(&pid, arguments[0], &actions, nil, words, environ) == 0)
    var status: Int32 = 0
    waitpid(pid, &status, 0)
    let stream = try #require(fopen(file, "r"))
    defer { fclose(stream) }
    var bytes = [UInt8](repeating: 0, count: 1 << 16)
    let count = fread(&bytes, 1, bytes.count, stream)
    return Array(bytes[..<count])
  }
}
