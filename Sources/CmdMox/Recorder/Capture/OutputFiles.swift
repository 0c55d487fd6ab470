/// Which commands have the same file as an output at the same time: what is read back from it may
/// be another's.
///
/// Not safe to share between threads.
struct OutputFiles {
  private var writers: [FileIdentity: [CapturedCommand]] = [:]

  mutating func opened(by command: CapturedCommand) {
    for file in Set(command.request.outputs) where file != FileIdentity() {
      for other in writers[file] ?? [] {
        // A command inside another one writes what is the outer one's output too.
        guard !isInside(command, other) else { continue }
        mark(command, file)
        mark(other, file)
      }
      writers[file, default: []].append(command)
    }
  }

  mutating func closed(by command: CapturedCommand) {
    for file in Set(command.request.outputs) {
      writers[file]?.removeAll { $0 === command }
      if writers[file]?.isEmpty == true { writers.removeValue(forKey: file) }
    }
  }

  private func isInside(_ inner: CapturedCommand, _ outer: CapturedCommand) -> Bool {
    inner.parentSlot == outer.slot
  }

  private func mark(_ command: CapturedCommand, _ file: FileIdentity) {
    for (index, output) in command.request.outputs.enumerated() where output == file {
      command.overlaps[index] = true
    }
  }
}
