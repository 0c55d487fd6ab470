/// Times and sizes as people read them.
package enum Quantities {
  /// `830 µs`, `12.3 ms`, `4.56 s`, `12 min 03 s`, `2 h 05 min`.
  package static func duration(us: Int) -> String {
    switch us {
    case ..<1000: "\(us) µs"
    case ..<1_000_000: "\(decimal(us, per: 1000)) ms"
    case ..<60_000_000: "\(decimal(us, per: 1_000_000)) s"
    case ..<3_600_000_000:
      "\(us / 60_000_000) min \(twoDigits(us / 1_000_000 % 60)) s"
    default: "\(us / 3_600_000_000) h \(twoDigits(us / 60_000_000 % 60)) min"
    }
  }

  /// `512 KiB`, `20.5 MiB`.
  package static func size(kib: Int) -> String {
    switch kib {
    case ..<1024: "\(kib) KiB"
    case ..<(1 << 20): "\(decimal(kib, per: 1 << 10)) MiB"
    default: "\(decimal(kib, per: 1 << 20)) GiB"
    }
  }

  /// Seconds with three decimals: where on the session's time line.
  package static func seconds(us: Int) -> String {
    let thousandths = String(us / 1000 % 1000 + 1000).dropFirst()
    return "\(us / 1_000_000).\(thousandths)"
  }

  /// `1 command`, `2 commands`.
  package static func count(_ count: Int, _ noun: String) -> String {
    "\(count) \(noun)\(count == 1 ? "" : "s")"
  }

  /// Three digits: `1.23`, `12.3`, `123`.
  private static func decimal(_ value: Int, per unit: Int) -> String {
    let whole = value / unit
    if whole >= 100 { return String(whole) }
    let digits = whole >= 10 ? 1 : 2
    let scale = whole >= 10 ? 10 : 100
    let fraction = String(value % unit * scale / unit + scale).dropFirst().prefix(digits)
    return "\(whole).\(fraction)"
  }

  private static func twoDigits(_ value: Int) -> String { value < 10 ? "0\(value)" : "\(value)" }
}
