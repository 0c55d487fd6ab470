import CmdMox
import Glibc
import SystemPackage

/// Is the preload library there, and does ld.so take it?
enum LibraryCheck {
  static var findings: [Finding] {
    let library: FilePath
    do {
      library = try PreloadPath.find()
    } catch {
      return [.problem(String(describing: error))]
    }
    var findings: [Finding] = [.fine("preload library: \(library)")]
    if !PreloadPath.isSafe(library.string) {
      findings.append(
        .note(
          "its path has a space or a colon, at which ld.so splits LD_PRELOAD: `cmdmox trace` "
            + "makes a link, the bare LD_PRELOAD form needs another path"))
    }
    findings.append(loads(library))
    return findings
  }

  /// Runs a trivial program with the library. ld.so says on stderr what it cannot load, and goes on.
  private static func loads(_ library: FilePath) -> Finding {
    var entries = OwnEnvironment.entries.filter { !$0.starts(with: Array("LD_PRELOAD=".utf8)) }
    // Off: the library itself has nothing to do.
    entries.append(Array("CMDMOX_SESSION=off".utf8))
    guard let directory = try? SessionDirectory() else {
      return .note("no session directory: whether the library loads was not tried")
    }
    defer { directory.remove() }
    guard let path = try? PreloadPath.prepare(library, in: directory) else {
      return .problem("\(library): no link to it can be made")
    }
    entries.append(Array("LD_PRELOAD=\(path)".utf8))
    guard let output = Trial.errors(of: "/bin/true", environment: entries) else {
      return .problem("/bin/true does not run with it in LD_PRELOAD")
    }
    return output.isEmpty
      ? .fine("it loads")
      : .problem("ld.so does not take it: \(output.split(separator: "\n").first ?? "")")
  }
}

/// Runs a program to see what it says.
enum Trial {
  /// What the program wrote to stderr; nil where it did not end with status 0.
  static func errors(of program: FilePath, environment: [[UInt8]]) -> String? {
    var ends: [Int32] = [0, 0]
    guard pipe(&ends) == 0 else { return nil }
    let reading = FileDescriptor(rawValue: ends[0])
    let writing = FileDescriptor(rawValue: ends[1])
    defer { try? reading.close() }
    var trial = RootProgram(arguments: [program.bytes], environment: environment)
    trial.standardStreams[STDERR_FILENO] = writing
    let root = try? RootProcess(program, trial, environment: environment)
    try? writing.close()
    guard let root else { return nil }
    var text: [UInt8] = []
    var piece = [UInt8](repeating: 0, count: 4096)
    while let count = try? piece.withUnsafeMutableBytes({ try reading.read(into: $0) }), count > 0 {
      text += piece[..<count]
    }
    var status: Int32 = 0
    guard waitpid(Int32(root.pid), &status, 0) == Int32(root.pid), status == 0 else { return nil }
    return String(decoding: text, as: UTF8.self)
  }
}
