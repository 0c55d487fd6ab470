import CmdMox

/// How many commands worked at the same time, as an SVG picture of 1000 by 100.
struct ParallelismChart {
  /// How finely it is drawn.
  static let pieces = 400
  /// So many lines stand behind it at most.
  private static let mostLines = 5

  private let parallelism: Parallelism

  init(_ parallelism: Parallelism) { self.parallelism = parallelism }

  var context: [String: Any] {
    [
      "outline": outline, "lines": lines, "average": ReportPage.decimal(parallelism.average),
      "peak": ReportPage.decimal(parallelism.peak),
    ]
  }

  /// A little above the highest value.
  private var top: Double { max(parallelism.peak * 1.1, 1) }

  private func height(_ value: Double) -> String { ReportPage.decimal(100 - 100 * value / top) }

  private var outline: String {
    guard parallelism.peak > 0 else { return "M0 100" }
    let step = 1000 / Double(parallelism.averages.count)
    var path = "M0 100"
    for (piece, value) in parallelism.averages.enumerated() {
      path += "L\(ReportPage.decimal(Double(piece) * step)) \(height(value))"
      path += "H\(ReportPage.decimal(Double(piece + 1) * step))"
    }
    return path + "V100Z"
  }

  /// At whole numbers, with their heights in percent from the top.
  private var lines: [[String: String]] {
    let step = max(1, Int(top) / Self.mostLines)
    return stride(from: step, through: Int(min(top, 1e9)), by: step).map {
      ["number": String($0), "height": height(Double($0))]
    }
  }
}
