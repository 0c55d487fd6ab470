import CmdMox
import Glibc
import SystemPackage

/// The review of a fixture, `<fixture>.review`: it has secrets in it, and must not be committed.
struct ReviewFile {
  let path: FilePath
  private let fixture: FilePath

  init(of fixture: FilePath) {
    self.fixture = fixture
    path = Review.path(of: fixture)
  }

  var exists: Bool { path.withPlatformString { access($0, F_OK) } == 0 }

  /// What a check says of it.
  func findings() -> [FixtureFinding] {
    guard exists else { return [] }
    let name = path.lastComponent?.string ?? path.string
    if git("ls-files", "--error-unmatch") == 0 {
      return [
        FixtureFinding(
          .error, "",
          "\(name) is committed and has secrets: take it out of git's history, change them")
      ]
    }
    let review = FixtureFinding(
      .warning, "", "\(name) is still there; run `cmdmox review --accept \(fixture)`")
    return isExposed
      ? [review, FixtureFinding(.warning, "", "git does not ignore \(name)")] : [review]
  }

  /// Whether it lies in a git work tree that does not ignore it.
  var isExposed: Bool { git("check-ignore", "-q") == 1 }

  /// - Returns: git's status; nil where there is no git.
  private func git(_ arguments: String...) -> Int32? {
    let folder = path.removingLastComponent()
    let words =
      ["git", "-C", folder.isEmpty ? "." : folder.string] + arguments
      + ["--", path.lastComponent?.string ?? ""]
    return QuietProcess(words.map { Array($0.utf8) }).status
  }
}
