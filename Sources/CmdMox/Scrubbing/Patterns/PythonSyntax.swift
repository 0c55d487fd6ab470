/// Where Python's regular expressions and PCRE2's read differently.
enum PythonSyntax {
  /// The pattern as PCRE2 has to be given it: `\Z` is the very end, `{,n}` begins at 0.
  static func translated(_ pattern: String) -> [UInt8] {
    let source = Array(pattern.utf8)
    var result: [UInt8] = []
    result.reserveCapacity(source.count)
    var isInClass = false
    var place = 0
    while place < source.count {
      let byte = source[place]
      switch byte {
      case UInt8(ascii: "\\") where place + 1 < source.count:
        let escaped = source[place + 1]
        result.append(byte)
        result.append(!isInClass && escaped == UInt8(ascii: "Z") ? UInt8(ascii: "z") : escaped)
        place += 1
      case UInt8(ascii: "["):
        // A bracket directly behind the opening one stands for itself.
        if !isInClass, let first = literalBracket(source, place + 1) {
          result += source[place...first]
          place = first
        } else {
          result.append(byte)
        }
        isInClass = true
      case UInt8(ascii: "]"):
        isInClass = false
        result.append(byte)
      case UInt8(ascii: "{") where !isInClass && source[(place + 1)...].first == UInt8(ascii: ","):
        result += [byte, UInt8(ascii: "0")]
      default:
        result.append(byte)
      }
      place += 1
    }
    return result
  }

  private static func literalBracket(_ source: [UInt8], _ start: Int) -> Int? {
    let place = source[start...].first == UInt8(ascii: "^") ? start + 1 : start
    return source[place...].first == UInt8(ascii: "]") ? place : nil
  }
}
