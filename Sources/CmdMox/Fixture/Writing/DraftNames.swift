internal import Glibc
internal import SystemPackage

/// The names that stand beside a fixture while it is being written.
///
/// Those of a session are made of its directory's name: whoever recovers a session whose recorder was
/// killed finds them, and nothing stays behind.
struct DraftNames {
  /// What becomes the fixture.
  let draft: String
  /// A second name of the fixture that it replaces.
  let earlier: String
  /// A copy of that, which is not whole yet.
  let part: String

  /// Names that nobody else has.
  init() {
    self.init(key: String(UInt64.random(in: .min ... .max), radix: 16))
  }

  /// The names of a session; of something else than a session directory, names that nobody else has.
  init(ofSession directory: FilePath) {
    if let key = SessionDirectory(existing: directory).key {
      self.init(key: key)
    } else {
      self.init()
    }
  }

  /// Takes away what a recorder that was killed has left beside a fixture; an earlier fixture whose
  /// place the new one had taken becomes `<fixture>.old`.
  func tidy(beside fixture: FilePath) {
    if let left = EarlierFixture(leftBeside: fixture, names: self) { left.forget() }
    let folder = fixture.removingLastComponent()
    for name in [draft, part] { _ = folder.appending(name).withPlatformString { unlink($0) } }
  }

  private init(key: String) {
    draft = ".\(key).cmdmox.tmp"
    earlier = ".\(key).earlier.cmdmox.tmp"
    part = ".\(key).part.cmdmox.tmp"
  }
}
