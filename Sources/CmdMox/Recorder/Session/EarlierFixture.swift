internal import Glibc
internal import SystemPackage

/// The fixture of an earlier run, kept as `<fixture>.old` once the new one is in its place.
///
/// Meanwhile it has a second name, where a recorder that is killed leaves it, whole. It goes only while
/// the fixture is the same file, or has the same bytes.
struct EarlierFixture {
  /// How a second name is made, in the order in which they are tried.
  enum Means: CaseIterable {
    case link
    /// Where the file system has no second names.
    case copy
    /// Where it cannot be copied either: then it stands under its second name only.
    case move
  }

  private let fixture: FilePath
  /// Nil where there is no earlier fixture.
  private let second: FilePath?

  /// Gives an earlier fixture a second name, so that nothing happens to it while the new one is
  /// written.
  ///
  /// A second name that is there already is the earlier fixture's, whatever stands in its place by
  /// now: the recorder that gave it was killed.
  init(at fixture: FilePath, names: DraftNames, means: [Means] = Means.allCases) {
    self.fixture = Self.resolved(fixture)
    let folder = self.fixture.removingLastComponent()
    let name = folder.appending(names.earlier)
    if Self.status(name) != nil {
      second = name
    } else if let status = Self.status(self.fixture), status.st_mode & S_IFMT == S_IFREG {
      let (from, part) = (self.fixture, folder.appending(names.part))
      second = means.contains { Self.name(from, name, by: $0, part: part) } ? name : nil
    } else {
      second = nil
    }
  }

  /// The earlier fixture that a recorder was about to keep when it was killed; nil where there is none.
  init?(leftBeside fixture: FilePath, names: DraftNames) {
    self.fixture = Self.resolved(fixture)
    let name = self.fixture.removingLastComponent().appending(names.earlier)
    guard Self.status(name) != nil else { return nil }
    second = name
  }

  /// The new fixture is in its place. Where nothing can be renamed any more, the earlier one stays under
  /// its second name.
  func keep() {
    guard let second else { return }
    _ = Self.rename(second, FilePath(fixture.string + ".old"))
  }

  /// The new fixture could not be written: the earlier one is where it was, unless the new one was in
  /// its place before something went wrong.
  func forget() {
    guard let second else { return }
    if Self.status(fixture) == nil {
      _ = Self.rename(second, fixture)
    } else if Self.areSame(second, fixture) {
      Self.remove(second)
    } else {
      keep()
    }
  }

  private static func name(
    _ fixture: FilePath, _ name: FilePath, by means: Means, part: FilePath
  ) -> Bool {
    switch means {
    case .link:
      fixture.withPlatformString { from in name.withPlatformString { Glibc.link(from, $0) } } == 0
    case .copy: copy(fixture, to: part) && rename(part, name)
    case .move: rename(fixture, name)
    }
  }

  private static func copy(_ fixture: FilePath, to name: FilePath) -> Bool {
    do {
      let from = try FileDescriptor.open(fixture, .readOnly, options: [.noFollow, .closeOnExec])
      defer { try? from.close() }
      let to = try FileDescriptor.open(
        name, .writeOnly, options: [.create, .truncate, .noFollow, .closeOnExec],
        permissions: .ownerReadWrite)
      defer { try? to.close() }
      try withUnsafeTemporaryAllocation(byteCount: 1 << 16, alignment: 1) { buffer in
        while case let count = try from.read(into: buffer), count > 0 {
          try to.writeAll(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
        }
      }
      guard fsync(to.rawValue) == 0 else { throw Errno(rawValue: errno) }
      return true
    } catch {
      remove(name)
      return false
    }
  }

  /// Whether two names are of one file, or of two with the same bytes.
  private static func areSame(_ one: FilePath, _ other: FilePath) -> Bool {
    guard let first = status(one), let second = status(other) else { return false }
    if first.st_dev == second.st_dev, first.st_ino == second.st_ino { return true }
    guard first.st_size == second.st_size,
      let one = try? FileDescriptor.open(one, .readOnly, options: [.noFollow, .closeOnExec])
    else { return false }
    defer { try? one.close() }
    guard
      let other = try? FileDescriptor.open(other, .readOnly, options: [.noFollow, .closeOnExec])
    else { return false }
    defer { try? other.close() }
    return (try? haveSameBytes(one, other, length: Int(first.st_size))) ?? false
  }

  private static func haveSameBytes(
    _ one: FileDescriptor, _ other: FileDescriptor, length: Int
  ) throws -> Bool {
    try withUnsafeTemporaryAllocation(byteCount: 1 << 17, alignment: 1) { buffer in
      let half = buffer.count / 2
      let first = UnsafeMutableRawBufferPointer(rebasing: buffer[..<half])
      let second = UnsafeMutableRawBufferPointer(rebasing: buffer[half...])
      var offset = 0
      while offset < length {
        let count = try one.read(fromAbsoluteOffset: Int64(offset), into: first)
        guard count > 0, try other.read(fromAbsoluteOffset: Int64(offset), into: second) == count,
          first[..<count].elementsEqual(second[..<count])
        else { return false }
        offset += count
      }
      return true
    }
  }

  private static func rename(_ from: FilePath, _ to: FilePath) -> Bool {
    from.withPlatformString { from in to.withPlatformString { Glibc.rename(from, $0) } } == 0
  }

  private static func remove(_ name: FilePath) {
    _ = name.withPlatformString { unlink($0) }
  }

  private static func status(_ path: FilePath) -> stat? {
    var status = stat()
    return path.withPlatformString { lstat($0, &status) } == 0 ? status : nil
  }

  /// The file that a symbolic link leads to: it is what the new fixture replaces.
  private static func resolved(_ path: FilePath) -> FilePath {
    guard let real = path.withPlatformString({ realpath($0, nil) }) else { return path }
    defer { free(real) }
    return FilePath(platformString: real)
  }
}
