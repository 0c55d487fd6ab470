internal import Glibc
internal import SystemPackage

/// A file that takes another one's place when it is complete, or not at all.
///
/// It is written beside the other one, flushed to the disk and renamed; the directory is flushed too.
/// Until then the other file is untouched. Every function throws `FixtureError.unwritable`.
struct ReplacementFile: ~Copyable {
  private let target: FilePath
  private let output: FileDescriptor
  /// Where it is written; nil where the target is no regular file and is written directly.
  private var temporary: FilePath?
  private var isOpen = true

  /// - Parameters:
  ///   - followsLinks: whether a symbolic link stays and what it points at is replaced; else whatever
  ///     stands there is replaced itself.
  ///   - names: a draft of that name that is there was left by a process that was killed.
  init(
    for path: FilePath, followsLinks: Bool = true, names: DraftNames = DraftNames()
  ) throws {
    do {
      (target, output, temporary) = try Self.open(path, names.draft, followsLinks: followsLinks)
    } catch let errno as Errno {
      throw FixtureError.unwritable(file: path, errno: errno)
    }
  }

  private static func open(
    _ path: FilePath, _ name: String, followsLinks: Bool
  ) throws -> (FilePath, FileDescriptor, FilePath?) {
    let target = followsLinks ? try destination(of: path) : path
    if followsLinks, try isSpecial(target) {
      return (
        target, try FileDescriptor.open(target, .writeOnly, options: .closeOnExec), nil
      )
    }
    let beside = directory(of: target).appending(name)
    do {
      return (target, try create(beside), beside)
    } catch Errno.fileExists {
      _ = beside.withPlatformString { unlink($0) }
      return (target, try create(beside), beside)
    }
  }

  private static func create(_ path: FilePath) throws -> FileDescriptor {
    try FileDescriptor.open(
      path, .writeOnly, options: [.create, .exclusiveCreate, .noFollow, .closeOnExec],
      permissions: .ownerReadWrite)
  }

  deinit {
    if isOpen { try? output.close() }
    if let temporary { _ = temporary.withPlatformString { unlink($0) } }
  }

  func write(_ bytes: UnsafeRawBufferPointer) throws {
    do {
      try output.writeAll(bytes)
    } catch let errno as Errno {
      throw FixtureError.unwritable(file: target, errno: errno)
    }
  }

  /// Puts the file in its place. Nothing may be written afterwards.
  mutating func commit() throws {
    do {
      if let temporary {
        guard fsync(output.rawValue) == 0 else { throw Errno.current }
        try close()
        let status = temporary.withPlatformString { from in
          target.withPlatformString { rename(from, $0) }
        }
        guard status == 0 else { throw Errno.current }
        self.temporary = nil
        // It is in its place, whether that would outlive the machine or not.
        try? Self.flush(Self.directory(of: target))
      } else {
        try close()
      }
    } catch let errno as Errno {
      throw FixtureError.unwritable(file: target, errno: errno)
    }
  }

  private mutating func close() throws {
    isOpen = false
    try output.close()
  }

  /// The file that a path leads to: a symbolic link stays, what it points at is replaced.
  private static func destination(of path: FilePath) throws -> FilePath {
    guard path.lastComponent != nil else { throw Errno.isDirectory }
    var status = stat()
    guard path.withPlatformString({ lstat($0, &status) }) == 0,
      status.st_mode & S_IFMT == S_IFLNK,
      let resolved = path.withPlatformString({ realpath($0, nil) })
    else { return path }
    defer { free(resolved) }
    return FilePath(platformString: resolved)
  }

  /// Whether something is there that a rename would wrongly take away: a device, a pipe.
  private static func isSpecial(_ path: FilePath) throws -> Bool {
    var status = stat()
    guard path.withPlatformString({ stat($0, &status) }) == 0 else { return false }
    if status.st_mode & S_IFMT == S_IFDIR { throw Errno.isDirectory }
    return status.st_mode & S_IFMT != S_IFREG
  }

  private static func directory(of path: FilePath) -> FilePath {
    let directory = path.removingLastComponent()
    return directory.isEmpty ? "." : directory
  }

  /// Flushes a directory, as far as its file system can.
  private static func flush(_ directory: FilePath) throws {
    let descriptor = try FileDescriptor.open(
      directory, .readOnly, options: [.directory, .closeOnExec])
    defer { try? descriptor.close() }
    if fsync(descriptor.rawValue) != 0, Errno.current != .invalidArgument { throw Errno.current }
  }
}

extension Errno {
  /// What the last call into libc on this thread left.
  static var current: Errno { Errno(rawValue: Glibc.errno) }
}
