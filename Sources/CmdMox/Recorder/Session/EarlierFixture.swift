internal import Glibc
internal import SystemPackage

/// The fixture of an earlier run, kept as `<fixture>.old` once the new one is in its place.
struct EarlierFixture {
  private let fixture: FilePath
  /// A second name of the earlier file, or a copy of it; nil where there is none.
  private let second: FilePath?
  private let inode: ino_t?

  /// Gives an earlier fixture a second name, so that nothing happens to it while the new one is
  /// written. Where the file system has no such names it is copied.
  ///
  /// A second name that is there already is the earlier fixture's, whatever stands in its place by
  /// now: the recorder that gave it was killed.
  init(at fixture: FilePath, names: DraftNames) {
    self.fixture = Self.resolved(fixture)
    var status = stat()
    guard self.fixture.withPlatformString({ lstat($0, &status) }) == 0,
      status.st_mode & S_IFMT == S_IFREG
    else {
      (second, inode) = (nil, nil)
      return
    }
    inode = status.st_ino
    let name = self.fixture.removingLastComponent().appending(names.earlier)
    let linked = self.fixture.withPlatformString { from in
      name.withPlatformString { link(from, $0) }
    }
    second = linked == 0 || errno == EEXIST || Self.copy(self.fixture, to: name) ? name : nil
  }

  /// The earlier fixture that a recorder was about to keep when it was killed; nil where there is none.
  init?(leftBeside fixture: FilePath, names: DraftNames) {
    self.fixture = Self.resolved(fixture)
    let name = self.fixture.removingLastComponent().appending(names.earlier)
    guard let inode = Self.inode(name) else { return nil }
    (second, self.inode) = (name, inode)
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
    guard inode == Self.inode(fixture) else { return keep() }
    remove(second)
  }

  private static func copy(_ fixture: FilePath, to name: FilePath) -> Bool {
    do {
      let from = try FileDescriptor.open(fixture, .readOnly, options: [.noFollow, .closeOnExec])
      defer { try? from.close() }
      let to = try FileDescriptor.open(
        name, .writeOnly, options: [.create, .exclusiveCreate, .noFollow, .closeOnExec],
        permissions: .ownerReadWrite)
      defer { try? to.close() }
      try withUnsafeTemporaryAllocation(byteCount: 1 << 16, alignment: 1) { buffer in
        while case let count = try from.read(into: buffer), count > 0 {
          try to.writeAll(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
        }
      }
      return true
    } catch {
      _ = name.withPlatformString { unlink($0) }
      return false
    }
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
