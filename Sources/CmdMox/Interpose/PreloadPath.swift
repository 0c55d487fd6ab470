internal import Glibc
package import SystemPackage

/// Where the preload library is, and the path under which ld.so takes it.
package enum PreloadPath {
  static let fileName = "libcmdmox.so"

  /// Whether a path can stand in `LD_PRELOAD`: ld.so splits at spaces and colons.
  package static func isSafe(_ path: String) -> Bool {
    !path.utf8.contains { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: ":") }
  }

  /// Where the library is looked for, in this order: what `CMDMOX_LIBRARY` names, beside the
  /// installed tool, where the build left it.
  package static var candidates: [FilePath] {
    var candidates: [FilePath] = []
    if let named = getenv("CMDMOX_LIBRARY"), named[0] != 0 {
      return [absolute(FilePath(platformString: named))]
    }
    if let tool = ownExecutable {
      candidates.append(
        tool.removingLastComponent().removingLastComponent().appending("lib").appending(fileName))
    }
    candidates.append(FilePath(BuiltInterpose.folder).appending(fileName))
    return candidates
  }

  /// The library's absolute path.
  ///
  /// - Throws: ``SessionError/noLibrary(_:)``.
  package static func find() throws -> FilePath {
    let candidates = candidates
    let found = candidates.first { $0.withPlatformString { access($0, R_OK) } == 0 }
    guard let found else { throw SessionError.noLibrary(candidates) }
    return found
  }

  /// The path for `LD_PRELOAD` of 64-bit programs: the library's own, or that of a link to it in the
  /// session directory where its own has a space or a colon. Where 32-bit programs run here too it
  /// leads through the folder that has one for those.
  ///
  /// - Throws: ``SessionError/unsafeLibrary(_:_:)``.
  package static func prepare(_ library: FilePath, in directory: SessionDirectory) throws
    -> FilePath
  {
    let folder = folderForBoth(of: library)
    if isSafe(library.string) { return folder.map { $0.pushing(forWide) } ?? library }
    let link = folder == nil ? directory.library : directory.libraries
    let status = (folder ?? library).withPlatformString { target in
      link.withPlatformString { symlink(target, $0) }
    }
    guard status == 0, isSafe(link.string) else {
      throw SessionError.unsafeLibrary(library, Errno(rawValue: errno))
    }
    return folder == nil ? link : link.pushing(forWide)
  }

  /// The path for `LD_PRELOAD` of a program, where `library` is that of 64-bit ones.
  static func path(of library: FilePath, for program: FilePath) -> FilePath {
    guard library.ends(with: FilePath("cmdmox").pushing(forWide)), isNarrow(program) else {
      return library
    }
    return library.removingLastComponent().removingLastComponent().pushing(forBoth)
  }

  /// In the folder that has one for 32-bit programs too; `narrow.c` has the same.
  private static let forWide = FilePath("lib64").appending(fileName)
  private static let forBoth = FilePath("$LIB").appending(fileName)

  private static func isNarrow(_ program: FilePath) -> Bool {
    guard let file = try? FileDescriptor.open(program, .readOnly, options: [.closeOnExec]) else {
      return false
    }
    defer { try? file.close() }
    var head = [UInt8](repeating: 0, count: Int(EI_NIDENT))
    let count = try? head.withUnsafeMutableBytes { try file.read(into: $0) }
    return count == head.count && head.starts(with: Array("\u{7f}ELF".utf8))
      && head[Int(EI_CLASS)] == UInt8(ELFCLASS32)
  }

  /// The folder beside `library` with one for each `$LIB`, which ld.so(8) replaces by its own folder
  /// for libraries: links to it for 64 bits, one with nothing in it for 32. ld.so would say on stderr
  /// that a library has the wrong class. Nil where no 32-bit program runs here, or where `lib` is
  /// theirs (Fedora): some foreign 64-bit loaders mean that folder too. `narrow.c` has the same.
  static func folderForBoth(of library: FilePath, root: FilePath = "/") -> FilePath? {
    let folder = library.removingLastComponent().appending("cmdmox")
    let areToldApart =
      isThere(root.appending("lib/ld-linux.so.2"))
      && (!isThere(root.appending("lib/libc.so.6"))
        || isThere(root.appending("usr/lib32/libc.so.6")))
    let areComplete = ["lib64", "lib32"].allSatisfy {
      isThere(folder.appending($0).appending(fileName), R_OK)
    }
    return areToldApart && areComplete ? folder : nil
  }

  private static func isThere(_ path: FilePath, _ mode: Int32 = F_OK) -> Bool {
    path.withPlatformString { access($0, mode) == 0 }
  }

  /// The tool itself, links followed.
  package static var ownExecutable: FilePath? {
    guard let path = realpath("/proc/self/exe", nil) else { return nil }
    defer { free(path) }
    return FilePath(platformString: path)
  }

  private static func absolute(_ path: FilePath) -> FilePath {
    guard path.isRelative, let cwd = getcwd(nil, 0) else { return path }
    defer { free(cwd) }
    return FilePath(platformString: cwd).pushing(path).lexicallyNormalized()
  }
}
