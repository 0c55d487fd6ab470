/// A command that a program runs now and that a recording may answer, as bytes.
///
/// Its standard input is not part of it: how much of that is worth reading is known only once there
/// are candidates.
public struct LiveInvocation: Equatable, Sendable {
  /// The base name of the program as it is invoked.
  public var command: [UInt8]
  /// The arguments without argument 0.
  public var args: [[UInt8]]
  /// The whole environment as execve(2) takes it: `NAME=value` strings, each ended by a NUL.
  public var environmentBlock: [UInt8]
  /// The absolute path of the working directory; nil where it is not known.
  public var cwd: [UInt8]?

  /// An invocation of bytes.
  public init(
    command: [UInt8], args: [[UInt8]] = [], environmentBlock: [UInt8] = [], cwd: [UInt8]? = nil
  ) {
    self.command = command
    self.args = args
    self.environmentBlock = environmentBlock
    self.cwd = cwd
  }

  /// An invocation of text, without its standard input.
  public init(_ invocation: Invocation) {
    let bytes = invocation.bytes
    command = bytes.exact("command", text: invocation.command)
    args = invocation.args.enumerated().map { bytes.exact("args", String($0), text: $1) }
    switch invocation.environment {
    case .block(let block): environmentBlock = block
    case .texts(let texts):
      environmentBlock = texts.flatMap { name, value in
        (bytes[EnvironmentTexts.keys, name] ?? Array(name.utf8)) + [UInt8(ascii: "=")]
          + bytes.exact(EnvironmentTexts.member, name, text: value) + [0]
      }
    }
  }

  /// Calls `body` for each variable; what has no name or no `=` is passed over.
  func forEachVariable(
    _ body: (_ name: UnsafeBufferPointer<UInt8>, _ value: UnsafeBufferPointer<UInt8>) -> Void
  ) {
    environmentBlock.withUnsafeBufferPointer { block in
      var start = 0
      while start < block.count {
        let rest = UnsafeBufferPointer(rebasing: block[start...])
        let variable = UnsafeBufferPointer(rebasing: rest[..<(rest.place(of: 0) ?? rest.count)])
        start += variable.count + 1
        guard let equals = variable.place(of: UInt8(ascii: "=")), equals > 0 else { continue }
        body(
          UnsafeBufferPointer(rebasing: variable[..<equals]),
          UnsafeBufferPointer(rebasing: variable[(equals + 1)...]))
      }
    }
  }
}

/// What has been read of a live invocation's standard input.
struct LiveStdin {
  /// From its beginning.
  var bytes: [UInt8] = []
  /// Whether nothing follows.
  var isAtEnd = false
  /// Whether these bytes are all of it and have to be equal as a whole, as `Invocation` has it.
  var isWhole = false
}
