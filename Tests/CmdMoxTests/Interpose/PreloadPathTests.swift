import SystemPackage
import Testing

@testable import CmdMox

@Suite("Which library 32-bit programs get") struct PreloadPathTests {
  let folder: TemporaryFolder
  let library: FilePath

  init() throws {
    folder = try TemporaryFolder()
    library = folder.path.appending("own/lib/libcmdmox.so")
    try make("own/lib/libcmdmox.so")
    for lib in ["lib32", "lib64"] { try make("own/lib/cmdmox/\(lib)/libcmdmox.so") }
  }

  private func make(_ files: String...) throws {
    for file in files {
      let path = folder.path.appending(file)
      try makeFolders(path.removingLastComponent())
      try write([], to: path)
    }
  }

  private var found: FilePath? { PreloadPath.folderForBoth(of: library, root: folder.path) }

  @Test(
    "One of their own, where there are any",
    arguments: [
      ([], false),
      (["lib/ld-linux.so.2"], true),  // Debian
      (["lib/ld-linux.so.2", "usr/lib32/libc.so.6"], true),  // Debian, of libc6-i386
      (["lib/ld-linux.so.2", "lib/libc.so.6", "usr/lib32/libc.so.6"], true),  // Arch
      (["lib/ld-linux.so.2", "lib/libc.so.6"], false),  // Fedora
      (["lib/libc.so.6"], false),
    ])
  func machines(files: [String], isExpected: Bool) throws {
    for file in files { try make(file) }
    #expect(found == (isExpected ? folder.path.appending("own/lib/cmdmox") : nil))
  }

  @Test func `the library's own path, where it lies alone`() throws {
    try make("lib/ld-linux.so.2", "alone/libcmdmox.so")
    let alone = folder.path.appending("alone/libcmdmox.so")
    #expect(PreloadPath.folderForBoth(of: alone, root: folder.path) == nil)
    // Others may have a folder of that name beside it.
    try make("alone/cmdmox/something", "alone/cmdmox/lib64/libcmdmox.so")
    #expect(PreloadPath.folderForBoth(of: alone, root: folder.path) == nil)
  }

  @Test func `a 32-bit program gets the path with $LIB, by a link where it has a space`() throws {
    for lib in ["lib32", "lib64"] { try make("a b/cmdmox/\(lib)/libcmdmox.so") }
    let program = folder.path.appending("program")
    try write([0x7f, 0x45, 0x4c, 0x46, 1] + [UInt8](repeating: 0, count: 40), to: program)
    let directory = try SessionDirectory()
    defer { directory.remove() }
    let spaced = folder.path.appending("a b/libcmdmox.so")
    for library in [library, spaced] {
      let path = try PreloadPath.prepare(library, in: directory)
      #expect(PreloadPath.path(of: path, for: "/bin/sh") == path)
      if PreloadPath.folderForBoth(of: library) == nil {
        #expect(path == (library == spaced ? directory.library : library))
        #expect(PreloadPath.path(of: path, for: program) == path)
      } else {
        let folder =
          library == spaced
          ? directory.libraries : library.removingLastComponent().appending("cmdmox")
        #expect(path == folder.pushing("lib64/libcmdmox.so"))
        #expect(
          PreloadPath.path(of: path, for: program) == folder.pushing("$LIB/libcmdmox.so"))
      }
    }
  }
}
