import CmdMox
import Glibc
import SystemPackage
import Testing

/// A folder of its own for one test, and the tool that the tests are built beside.
final class Workspace {
  let path: FilePath

  init() throws {
    var template = Array("/tmp/cmdmox-test-XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else { throw Errno(rawValue: errno) }
    path = FilePath(platformString: template)
    // Sessions that drop privileges, and TMPDIR of a session that root records.
    chmod(path.string, 0o755)
  }

  deinit {
    _ = try? Command("rm", "-rf", path.string).run()
  }

  static let tool: FilePath = folder.appending("cmdmox")

  private static let folder: FilePath = {
    let own = realpath("/proc/self/exe", nil)
    defer { free(own) }
    let test = own.map { FilePath(platformString: $0) } ?? ""
    // Either the tests themselves are the program, or a helper was told their path.
    guard test.lastComponent?.string.hasSuffix(".xctest") != true else {
      return test.removingLastComponent()
    }
    let named = CommandLine.arguments.first { $0.hasSuffix(".xctest") } ?? ""
    return FilePath(named).removingLastComponent()
  }()

  static let library: FilePath? = try? PreloadPath.find()

  func file(_ name: String) -> FilePath { path.appending(name) }

  @discardableResult
  func write(_ name: String, _ text: String, mode: mode_t = 0o644) throws -> FilePath {
    let file = try FileDescriptor.open(
      path.appending(name), .writeOnly, options: [.create, .truncate, .closeOnExec],
      permissions: FilePermissions(rawValue: mode))
    defer { try? file.close() }
    try file.writeAll(text.utf8)
    return path.appending(name)
  }

  /// Compiles a C program.
  func compile(_ name: String, _ source: String, _ flags: String...) throws -> FilePath {
    let file = try write(name + ".c", source)
    let compiler = Command(
      bytes: (["cc", "-o", path.appending(name).string, file.string] + flags).map {
        Array($0.utf8)
      })
    let result = try compiler.run()
    try #require(result.status == 0, "\(result.errorText)")
    return path.appending(name)
  }

  /// `cmdmox` with arguments, in this folder, its sessions too.
  func cmdmox(_ arguments: String..., environment: [String: String?] = [:]) -> Command {
    command([Self.tool.string] + arguments, environment)
  }

  /// `cmdmox` with arguments, in this folder, its sessions too.
  func cmdmox(arguments: [String]) -> Command { command([Self.tool.string] + arguments, [:]) }

  /// `cmdmox trace -q -- sh -c script`, with options before the dashes.
  func trace(_ options: String..., shell script: String) -> Command {
    command([Self.tool.string, "trace"] + options + ["--", "sh", "-c", script], [:])
  }

  /// `cmdmox` with arguments that are a list.
  func tool(_ arguments: [String]) -> Command { command([Self.tool.string] + arguments, [:]) }

  /// `cmdmox record -- sh -c script`, with options before the dashes.
  func record(_ options: String..., shell script: String) -> Command {
    command([Self.tool.string, "record"] + options + ["--", "sh", "-c", script], [:])
  }

  private func command(
    _ arguments: [String], _ environment: [String: String?]
  ) -> Command {
    var variables: [String: String?] = [
      "TMPDIR": path.string, "XDG_RUNTIME_DIR": nil, "LD_PRELOAD": nil,
    ]
    for (name, value) in environment { variables.updateValue(value, forKey: name) }
    return Command(bytes: arguments.map { Array($0.utf8) }, environment: variables, in: path)
  }

  /// A program in the bare form.
  func bare(_ arguments: String..., environment: [String: String?] = [:]) throws -> Command {
    let library = try #require(Self.library)
    var variables: [String: String?] = [
      "TMPDIR": path.string, "XDG_RUNTIME_DIR": nil, "LD_PRELOAD": library.string,
      "CMDMOX_RECORDER": Self.tool.string,
    ]
    for (name, value) in environment { variables.updateValue(value, forKey: name) }
    return Command(bytes: arguments.map { Array($0.utf8) }, environment: variables, in: path)
  }

  func fixture(_ name: String = "cmdmox.json") throws -> FixtureFile {
    try FixtureFile.load(path.appending(name))
  }

  /// Every recording in a line: its command, its arguments, how it ended.
  func lines(_ name: String = "cmdmox.json") throws -> [String] {
    try fixture(name).recordings.map { recording in
      ([recording.command] + recording.args).joined(separator: " ")
        + ": \(recording.exitCode) \(recording.process?.termination?.rawValue ?? "?")"
        + (recording.process?.opaque.map { " \($0.rawValue)" } ?? "")
    }
  }

  /// What is left of sessions in this folder.
  var sessions: [String] {
    guard let stream = opendir(path.string) else { return [] }
    defer { closedir(stream) }
    var names: [String] = []
    while let entry = readdir(stream) {
      let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
        String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
      if name.hasPrefix("cmdmox-") { names.append(name) }
    }
    return names
  }
}
