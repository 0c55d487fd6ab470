internal import Glibc
package import SystemPackage

/// A JSON compilation database of what a recording compiled.
///
/// Source: https://clang.llvm.org/docs/JSONCompilationDatabase.html, with `arguments`.
package struct CompilationDatabase {
  struct Entry: Equatable {
    var directory: String
    var arguments: [String]
    /// Absolute paths.
    var file: String
    var output: String?
  }

  /// What makes two entries the same: the later one of a database is dropped.
  private struct Key: Hashable {
    let file: String
    let output: String?
  }

  private(set) var entries: [Entry] = []
  private var keys: Set<Key> = []
  /// Entries of an earlier database that none of ours takes the place of.
  private var earlier: [JSONObject] = []

  package var count: Int { entries.count + earlier.count }

  /// - Parameter existingOnly: only sources that are there now.
  package init(_ view: SessionView, existingOnly: Bool = false) {
    // What a compiler runs inside is its own business.
    var isInside = [Bool](repeating: false, count: view.recordings.count)
    let compilers = CompilerCommands(view)
    if let command = compilers.rootCommand {
      add(command, existingOnly)
      return
    }
    for place in view.tree.depthFirst {
      if let parent = view.tree.parents[place], isInside[parent] {
        isInside[place] = true
        continue
      }
      guard let command = compilers.command(at: place) else { continue }
      isInside[place] = true
      if Outcome(view.recordings[place]).wasExecuted { add(command, existingOnly) }
    }
  }

  private mutating func add(_ command: CompilerCommand, _ existingOnly: Bool) {
    let run = CompilerRun(command.arguments)
    guard run.compiles else { return }
    for source in run.sources {
      let file = LexicalPath.absolute(source.file, in: command.directory)
      guard !existingOnly || Self.exists(file) else { continue }
      let output = run.output.map { LexicalPath.absolute($0, in: command.directory) }
      guard keys.insert(Key(file: file, output: output)).inserted else { continue }
      entries.append(
        Entry(
          directory: command.directory,
          arguments: run.arguments(compiler: command.compiler, source), file: file,
          output: output))
    }
  }

  private static func exists(_ file: String) -> Bool {
    !file.utf8.contains(0) && access(file, F_OK) == 0
  }
}

extension Outcome {
  /// Whether the program ran at all.
  var wasExecuted: Bool { if case .notExecuted = self { false } else { true } }
}

extension CompilationDatabase {
  /// Takes over the entries of an earlier database; of the same source and output, ours stay.
  ///
  /// - Throws: `FixtureError`, where it cannot be read or is no array of objects. A file that is not
  ///   there is no error.
  package mutating func append(to file: FilePath) throws {
    do {
      let input = try FileDescriptor.open(file, .readOnly, options: .closeOnExec)
      defer { try? input.close() }
      var reader = JSONByteReader(input: input)
      try reader.begin()
      let known = keys
      let kept: [JSONObject?] = try reader.array { reader in
        guard case .object(let entry) = try reader.value() else {
          throw reader.unexpected("an object", found: "something else")
        }
        return known.contains(Self.key(entry)) ? nil : entry
      }
      try reader.finish()
      earlier = kept.compactMap { $0 }
    } catch Errno.noSuchFileOrDirectory {
      return
    } catch let failure as DecodingFailure {
      throw FixtureError(failure, file: file)
    } catch let errno as Errno {
      throw FixtureError.unreadable(file: file, errno: errno)
    }
  }

  private static func key(_ entry: JSONObject) -> Key {
    func path(_ member: String) -> String? {
      guard case .string(let path)? = entry[member] else { return nil }
      guard case .string(let directory)? = entry["directory"] else { return path }
      return LexicalPath.absolute(path, in: directory)
    }
    return Key(file: path("file") ?? "", output: path("output"))
  }

  /// Writes the database: earlier entries first.
  package func write(to write: PieceWriter) throws {
    var text = JSONByteWriter(layout: .indented, capacity: JSONByteWriter.piece)
    text.beginArray()
    for entry in earlier {
      text.element()
      text.value(.object(entry))
      try text.drain(atLeast: JSONByteWriter.piece, to: write)
    }
    for entry in entries {
      text.element()
      text.beginObject()
      text.member("directory")
      text.string(entry.directory)
      text.member("arguments")
      text.strings(entry.arguments)
      text.member("file")
      text.string(entry.file)
      text.member("output", ifPresent: entry.output)
      text.endObject()
      try text.drain(atLeast: JSONByteWriter.piece, to: write)
    }
    text.endArray()
    text.append(UInt8(ascii: "\n"))
    try text.drain(to: write)
  }
}
