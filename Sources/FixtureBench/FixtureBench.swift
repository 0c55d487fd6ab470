import CmdMox
import Glibc
import SystemPackage

/// Measures reading, writing and recording fixtures.
///
///     FixtureBench [--recordings N] [--rounds N] [--journal N] [--folder DIR]
///
/// Prints one JSON object. Each measurement is a process of its own, so that its peak memory is its
/// own too; ours and Python's alternate, and medians are compared.
@main
struct FixtureBench {
  static func main() throws {
    let arguments = Array(CommandLine.arguments.dropFirst())
    if let name = arguments.first, let measurement = Measurement(rawValue: name) {
      print(try measurement.run(Array(arguments.dropFirst())))
      return
    }
    let options = try Options(arguments)
    print(try Comparison(options: options).run())
  }
}

struct Options {
  var recordings = 100_000
  var rounds = 5
  var journal = 1_000_000
  var folder = FilePath("/tmp")

  init(_ arguments: [String]) throws {
    var rest = arguments[...]
    while let name = rest.popFirst() {
      guard let value = rest.popFirst() else { throw Usage(problem: "\(name) needs a value") }
      switch (name, Int(value)) {
      case ("--recordings", let count?): recordings = count
      case ("--rounds", let count?): rounds = max(count, 1)
      case ("--journal", let count?): journal = count
      case ("--folder", _): folder = FilePath(value)
      default: throw Usage(problem: "\(name) \(value) is not an option")
      }
    }
  }

  struct Usage: Error, CustomStringConvertible {
    let problem: String
    var description: String {
      "\(problem). FixtureBench [--recordings N] [--rounds N] [--journal N] [--folder DIR]"
    }
  }
}
