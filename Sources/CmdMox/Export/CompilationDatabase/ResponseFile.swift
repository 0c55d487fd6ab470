internal import Glibc

/// Arguments that stand in a file: `@file`.
enum ResponseFile {
  private static let largest = 1 << 20
  private static let deepest = 8
  /// A file may name itself: this many files are read for one command line.
  private static let most = 64

  /// The arguments, with those of each `@file` in its place; a file that is not there any more stays
  /// as it is. Source: gcc(1), `@file`.
  static func expanded(_ arguments: [String], in directory: String) -> [String] {
    var left = most
    return expanded(arguments, in: directory, depth: 0, left: &left)
  }

  private static func expanded(
    _ arguments: [String], in directory: String, depth: Int, left: inout Int
  ) -> [String] {
    guard depth < deepest, arguments.contains(where: { $0.hasPrefix("@") }) else {
      return arguments
    }
    var result: [String] = []
    for argument in arguments {
      if argument.hasPrefix("@"), argument.utf8.count > 1, left > 0,
        let text = contents(of: LexicalPath.absolute(String(argument.dropFirst()), in: directory))
      {
        left -= 1
        result += expanded(words(of: text), in: directory, depth: depth + 1, left: &left)
      } else {
        result.append(argument)
      }
    }
    return result
  }

  /// Words as gcc reads them: between white space, with quotes of both kinds and backslashes.
  static func words(of text: [UInt8]) -> [String] {
    var words: [String] = []
    var word: [UInt8]?
    var quote: UInt8?
    var isEscaped = false
    for byte in text {
      if isEscaped {
        word = (word ?? []) + [byte]
        isEscaped = false
      } else if byte == UInt8(ascii: "\\") {
        isEscaped = true
      } else if let open = quote {
        if byte == open { quote = nil } else { word?.append(byte) }
      } else if byte == UInt8(ascii: "'") || byte == UInt8(ascii: "\"") {
        quote = byte
        word = word ?? []
      } else if [9, 10, 11, 12, 13, 32].contains(byte) {
        if let finished = word { words.append(String(decoding: finished, as: UTF8.self)) }
        word = nil
      } else {
        word = word ?? []
        word?.append(byte)
      }
    }
    if let finished = word { words.append(String(decoding: finished, as: UTF8.self)) }
    return words
  }

  /// What a regular file holds; nil for anything else, and for more than any response file is.
  private static func contents(of path: String) -> [UInt8]? {
    guard !path.utf8.contains(0) else { return nil }
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG,
      status.st_size <= largest
    else { return nil }
    var bytes = [UInt8](repeating: 0, count: Int(status.st_size))
    let count = read(descriptor, &bytes, bytes.count)
    return count < 0 ? nil : Array(bytes[..<count])
  }
}

/// Paths as text, without a look at the file system.
enum LexicalPath {
  /// The path seen from the directory, without `.`, `..` and double slashes.
  static func absolute(_ path: String, in directory: String) -> String {
    let whole = path.hasPrefix("/") ? path : directory + "/" + path
    var names: [Substring] = []
    for name in whole.split(separator: "/") {
      switch name {
      case ".": continue
      case "..": _ = names.popLast()
      default: names.append(name)
      }
    }
    return "/" + names.joined(separator: "/")
  }
}
