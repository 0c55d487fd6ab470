internal import Glibc
internal import SystemPackage

/// The fixture of an earlier run, kept as `<fixture>.old` once the new one is in its place.
struct EarlierFixture {
  private let fixture: FilePath
  /// A second name of the earlier file; nil where there is none.
  private let second: FilePath?

  /// Gives an earlier fixture a second name, so that nothing happens to it while the new one is
  /// written.
  ///
  /// A second name that is there already is the earlier fixture's, whatever stands in its place by
  /// now: the recorder that gave it was killed.
  init(at fixture: FilePath, names: DraftNames) {
    self.fixture = Self.resolved(fixture)
    var status = stat()
    guard self.fixture.withPlatformString({ lstat($0, &status) }) == 0,
      status.st_mode & S_IFMT == S_IFREG
    else {
      second = nil
      return
    }
    let name = self.fixture.removingLastComponent().appending(names.earlier)
    let linked = self.fixture.withPlatformString { from in
      name.withPlatformString { link(from, $0) }
    }
    second = linked == 0 || errno == EEXIST ? name : nil
  }

  /// The earlier fixture that a recorder was about to keep when it was killed; nil where there is none.
  init?(leftBeside fixture: FilePath, names: DraftNames) {
    self.fixture = Self.resolved(fixture)
    let name = self.fixture.removingLastComponent().appending(names.earlier)
    guard Self.inode(name) != nil else { return nil }
    second = name
  }

  /// The new fixture is in its place. Where nothing can be renamed any more, the earlier one stays under
  /// its second name.
  func keep() {
    guard let second else { return }
    let old = FilePath(fixture.string + ".old")
    _ = second.withPlatformString { from in old.withPlatformString { rename(from, $0) } }
  }

  /// The new fixture could not be written: the earlier one is where it was, unless the new one was in
  /// its place before something went wrong.
  func forget() {
    guard let second else { return }
    guard Self.inode(second) == Self.inode(fixture) else { return keep() }
    remove(second)
  }

  private func remove(_ name: FilePath) {
    _ = name.withPlatformString { unlink($0) }
  }

  private static func inode(_ path: FilePath) -> ino_t? {
    var status = stat()
    return path.withPlatformString { lstat($0, &status) } == 0 ? status.st_ino : nil
  }

  /// The file that a symbolic link leads to: it is what the new fixture replaces.
  private static func resolved(_ path: FilePath) -> FilePath {
    guard let real = path.withPlatformString({ realpath($0, nil) }) else { return path }
    defer { free(real) }
    return FilePath(platformString: real)
  }
}
