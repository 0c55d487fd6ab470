import CmdMox
import Glibc
import SystemPackage

/// What would a session see of a program?
enum ProgramCheck {
  static func findings(of name: String) -> [Finding] {
    guard let path = ProgramSearch.find(name) else {
      return [.problem("\(name): not found, or not executable")]
    }
    guard let file = try? ProgramFile(path) else {
      return [.problem("\(path): cannot be read")]
    }
    switch file.form {
    case .native(_, needsAddressSanitizer: true):
      return [
        .problem(
          "\(path): made with gcc's AddressSanitizer, which refuses to start below any preload; "
            + "set ASAN_OPTIONS=verify_asan_link_order=0")
      ]
    case .script(let interpreter):
      guard ProgramSearch.find(interpreter) != nil else {
        return [.problem("\(path): a script for \(interpreter), which is not there")]
      }
      return [visibility(path), .note("\(path): a script for \(interpreter)")]
    case .native, .foreign, .other: return [visibility(path)]
    }
  }

  private static func visibility(_ path: FilePath) -> Finding {
    switch OpaqueJudge.reason(of: path) {
    case nil: .fine("\(path): is seen, with everything that it runs")
    case .static?:
      .problem(
        "\(path): static, so it is recorded as opaque: command, arguments, status; dynamic programs "
          + "that it runs are seen")
    case .setID?:
      .problem(
        "\(path): set-user-ID, set-group-ID or with file capabilities, so it is recorded as opaque, "
          + "and what it runs is not seen unless you run it as its owner")
    case .architecture?:
      .problem("\(path): for another architecture, so it is recorded as opaque")
    case let reason?: .problem("\(path): would be opaque: \(reason.rawValue)")
    }
  }
}
