import SystemPackage

@testable import CmdMox

/// A program's file, which anybody has made: why the preload cannot get into it.
func fuzzPrograms(_ bytes: UnsafeRawBufferPointer) {
  guard let file = try? MemoryFile(Array(bytes)) else { return }
  do {
    _ = try ProgramFile(file.path)
  } catch {
    fatalError("\(error)")
  }
  _ = OpaqueJudge.reason(of: file.path)
}
