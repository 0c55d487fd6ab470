import CmdMox
import Glibc

/// Is there a place for session directories?
enum PlaceCheck {
  static var findings: [Finding] {
    var findings: [Finding] = []
    if let runtime = getenv("XDG_RUNTIME_DIR").map({ String(cString: $0) }),
      access(runtime, W_OK | X_OK) != 0
    {
      findings.append(.note("XDG_RUNTIME_DIR is \(runtime), which cannot be used"))
    }
    do {
      let directory = try SessionDirectory()
      findings.append(.fine("session directories: \(directory.base)"))
      directory.remove()
    } catch {
      findings.append(.problem(String(describing: error)))
    }
    return findings
  }
}
