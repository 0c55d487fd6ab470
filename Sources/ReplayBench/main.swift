// Measures replay sessions without processes: their start, and the time for each command. Prints JSON.
//
//   ReplayBench [--folder DIR] [--rounds N]

import CmdMox
import SystemPackage

var measurement = Measurement()
var rest = CommandLine.arguments.dropFirst()
while let name = rest.popFirst(), let value = rest.popFirst() {
  switch (name, Int(value)) {
  case ("--folder", _): measurement.folder = FilePath(value)
  case ("--rounds", let count?): measurement.rounds = max(count, 1)
  default: break
  }
}

var members = [
  "\"start_at_10\": \(try measurement.start(10).json)",
  "\"start_at_\(Measurement.many)\": \(try measurement.start(Measurement.many).json)",
]
for kind in Sample.Kind.allCases {
  members.append("\"\(kind.rawValue)_strict\": \(try measurement.compare(kind, .strict).json)")
  members.append("\"\(kind.rawValue)_fuzzy\": \(try measurement.compare(kind, .fuzzy).json)")
}
let shuffled = try measurement.compare(.arguments, .strict) { $0.shuffled() }
members.append("\"arguments_strict_shuffled\": \(shuffled.json)")
print("{\n  " + members.joined(separator: ",\n  ") + "\n}")
