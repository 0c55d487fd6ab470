internal import Glibc
internal import SystemPackage

/// The fixture of an earlier run, kept as `<fixture>.old` once the new one is in its place.
struct EarlierFixture {
  private let fixture: FilePath
  /// A second name of the earlier file; nil where there is none.
  private let second: FilePath?

  /// Gives an earlier fixture a second name, so that nothing happens to it while the new one is
  /// written.
  init(at fixture: FilePath) {
    self.fixture = Self.resolved(fixture)
    var status = stat()
    guard self.fixture.withPlatformString({ lstat($0, &status) }) == 0,
      status.st_mode & S_IFMT == S_IFREG
    else {
      second = nil
      return
    }
    let name = FilePath(
      self.fixture.string + "." + RootVariables.hexadecimal(Kernel.randomID()) + ".tmp")
    let linked = self.fixture.withPlatformString { from in
      name.withPlatformString { link(from, $0) }
    }
    second = linked == 0 ? name : nil
  }

  /// The new fixture is in its place.
  func keep() {
    guard let second else { return }
    let old = FilePath(fixture.string + ".old")
    let renamed = second.withPlatformString { from in
      old.withPlatformString { rename(from, $0) }
    }
    if renamed != 0 { forget() }
  }

  /// There is no new fixture: the earlier one is where it was.
  func forget() {
    guard let second else { return }
    _ = second.withPlatformString { unlink($0) }
  }

  /// The file that a symbolic link leads to: it is what the new fixture replaces.
  private static func resolved(_ path: FilePath) -> FilePath {
    guard let real = path.withPlatformString({ realpath($0, nil) }) else { return path }
    defer { free(real) }
    return FilePath(platformString: real)
  }
}
