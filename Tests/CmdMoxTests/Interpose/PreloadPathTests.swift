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

  @Test func `in a session the path has $LIB, by a link where it has a space`() throws {
    let spaced = folder.path.appending("a b")
    for lib in ["lib32", "lib64"] { try make("a b/cmdmox/\(lib)/libcmdmox.so") }
    let directory = try SessionDirectory()
    defer { directory.remove() }
    let isHere = PreloadPath.folderForBoth(of: spaced.appending("libcmdmox.so")) != nil
    let path = try PreloadPath.prepare(spaced.appending("libcmdmox.so"), in: directory)
    #expect(path == (isHere ? directory.library.pushing("$LIB/libcmdmox.so") : directory.library))
    let plain = try PreloadPath.prepare(library, in: directory)
    let own = library.removingLastComponent()
    #expect(plain == (isHere ? own.pushing("cmdmox/$LIB/libcmdmox.so") : library))
  }
}
