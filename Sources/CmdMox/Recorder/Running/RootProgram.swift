package import Glibc
package import SystemPackage

/// The program that a session is to run, and the circumstances.
package struct RootProgram {
  /// Argument 0 included, as bytes.
  package var arguments: [[UInt8]]
  /// `NAME=value` each, as bytes.
  package var environment: [[UInt8]]
  /// Where it starts; nil for where this process is.
  package var workingDirectory: FilePath?
  /// The descriptors that become its 0, 1 and 2; it inherits this process's where none is named.
  package var standardStreams: [Int32: FileDescriptor] = [:]
  /// The signals that are blocked in it; nil for those of the calling thread.
  package var signalMask: sigset_t?
  /// Whether it leads a process group of its own.
  package var leadsGroup = false

  package init(arguments: [[UInt8]], environment: [[UInt8]]) {
    self.arguments = arguments
    self.environment = environment
  }
}

extension RootProgram {
  /// A program of text that a library's user runs, in a process group of its own; nil stands for what
  /// this process has.
  init(
    _ command: [String], environment: [String: String]?, workingDirectory: FilePath?,
    standardInput: FileDescriptor?, standardOutput: FileDescriptor?,
    standardError: FileDescriptor?
  ) {
    self.init(
      arguments: command.map { Array($0.utf8) },
      environment: environment.map { variables in
        variables.sorted { $0.key < $1.key }.map { Array("\($0.key)=\($0.value)".utf8) }
      } ?? OwnEnvironment.entries)
    self.workingDirectory = workingDirectory
    leadsGroup = true
    standardStreams[STDIN_FILENO] = standardInput
    standardStreams[STDOUT_FILENO] = standardOutput
    standardStreams[STDERR_FILENO] = standardError
  }

  /// Finds its file, as execvp(3) does; a relative one from where it is to start.
  ///
  /// - Throws: ``RootError``.
  func file() throws -> FilePath {
    let name = arguments.first ?? []
    let text = String(decoding: name, as: UTF8.self)
    guard !name.isEmpty else { throw RootError.notFound("the command is empty") }
    if name.contains(UInt8(ascii: "/")) { return try direct(FilePath(bytes: name), text) }
    let path = getenv("PATH").map { String(cString: $0) } ?? "/bin:/usr/bin"
    var refused: FilePath?
    for folder in path.split(separator: ":", omittingEmptySubsequences: false) {
      let candidate = FilePath(bytes: Array((folder.isEmpty ? "." : folder).utf8) + [0x2f] + name)
      switch Executability(of: placed(candidate)) {
      case .executable: return candidate
      case .refused: refused = refused ?? candidate
      case .absent: continue
      }
    }
    if let refused { throw RootError.notExecutable("\(refused): permission denied") }
    throw RootError.notFound("\(text): command not found in PATH")
  }

  private func direct(_ path: FilePath, _ text: String) throws -> FilePath {
    switch Executability(of: placed(path)) {
    case .executable: return path
    case .refused: throw RootError.notExecutable("\(text): not an executable file")
    case .absent: throw RootError.notFound("\(text): no such file")
    }
  }

  /// The path from here of what will be looked for from where the program starts.
  private func placed(_ path: FilePath) -> FilePath {
    guard path.isRelative, let folder = workingDirectory else { return path }
    return folder.pushing(path)
  }
}

/// Why a program was not run.
package enum RootError: Error, CustomStringConvertible {
  /// There is no such file: 127 in a shell.
  case notFound(String)
  /// There is, and the kernel would not execute it: 126 in a shell.
  case notExecutable(String)

  /// One sentence.
  package var description: String {
    switch self {
    case .notFound(let sentence), .notExecutable(let sentence): sentence
    }
  }
}

/// Whether execve(2) would take a file, as far as its mode says.
enum Executability {
  case executable
  case refused
  case absent

  init(of path: FilePath) {
    var status = stat()
    guard path.withPlatformString({ stat($0, &status) }) == 0 else {
      self = errno == EACCES ? .refused : .absent
      return
    }
    let isExecutable =
      status.st_mode & S_IFMT == S_IFREG && path.withPlatformString { access($0, X_OK) } == 0
    self = isExecutable ? .executable : .refused
  }
}

extension FilePath {
  /// A path of bytes that need not be text.
  package init(bytes: [UInt8]) {
    self = (bytes + [0]).withUnsafeBufferPointer { buffer in
      buffer.withMemoryRebound(to: CChar.self) { characters in
        characters.baseAddress.map { FilePath(platformString: $0) } ?? FilePath()
      }
    }
  }

  package var bytes: [UInt8] {
    withPlatformString { Array(UnsafeRawBufferPointer(start: $0, count: strlen($0))) }
  }
}
