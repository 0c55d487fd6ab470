/// A session with its command lines in the form in which they compare.
struct ComparedSession {
  /// A command line; two with the same one are the same command.
  struct Line: Hashable {
    var command: String
    var args: [String]
  }

  let view: SessionView
  let lines: [Line]
  private let words: ComparableWords

  init(_ view: SessionView) {
    self.view = view
    let words = ComparableWords(view)
    self.words = words
    lines = view.recordings.indices.map { place in
      let recording = view.recordings[place]
      let pids = Self.pids(near: place, in: view)
      return Line(
        command: recording.command, args: recording.args.map { words.word($0, pids: pids) })
    }
  }

  /// A directory, program or value of a variable, as it compares.
  func word(_ text: String) -> String { words.word(text) }

  /// A shell puts its own process ID into names (`$$`), and those go to what it runs.
  private static func pids(near place: Int, in view: SessionView) -> [Int] {
    var pids: Set<Int> = []
    var next: Int? = place
    for _ in 0..<4 {
      guard let here = next else { break }
      if let process = view.recordings[here].process {
        pids.insert(process.pid)
        if let ppid = process.ppid { pids.insert(ppid) }
      }
      next = view.tree.parents[here]
    }
    return pids.sorted(by: >)
  }
}
