import CmdMox
import Glibc
import SystemPackage

/// All measurements, ours and Python's in turn.
struct Comparison {
  let options: Options

  private static let python = """
    import json, sys, time
    start = time.perf_counter()
    with open(sys.argv[1], encoding="utf-8") as file:
        document = json.load(file)
    loaded = time.perf_counter()
    json.dumps(document, indent=2)
    dumped = time.perf_counter()
    status = dict(line.split(":", 1) for line in open("/proc/self/status"))
    print(json.dumps({"load_s": loaded - start, "dumps_s": dumped - loaded,
                      "peak_kib": int(status["VmHWM"].split()[0])}))
    """

  func run() throws -> String {
    let folder = options.folder.appending("fixture-bench-\(getpid())")
    guard folder.withPlatformString({ mkdir($0, 0o700) }) == 0 else {
      throw Errno(rawValue: errno)
    }
    defer { _ = try? Child.run(["rm", "-r", folder.string]) }
    let (file, copy) = (folder.appending("f.json").string, folder.appending("g.json").string)
    _ = try ours(.generate, [file, String(options.recordings)])
    var rounds: [String: [Figures]] = [:]
    for _ in 0..<options.rounds {
      rounds["load", default: []].append(try ours(.load, [file]))
      rounds["python", default: []].append(
        Figures(try Child.run(["python3", "-c", Self.python, file])))
      rounds["save", default: []].append(try ours(.save, [file, copy]))
      rounds["stream", default: []].append(try ours(.stream, [file]))
    }
    let load = median(rounds["load"], "load_s")
    let save = median(rounds["save"], "save_s")
    let pythonLoad = median(rounds["python"], "load_s")
    let pythonDumps = median(rounds["python"], "dumps_s")
    let few = try journal(10_000, in: folder)
    let many = try journal(options.journal, in: folder)
    let recordings = Double(options.journal)
    return """
      {
        "recordings": \(options.recordings),
        "rounds": \(options.rounds),
        "load_s": \(load), "python_load_s": \(pythonLoad), "load_ratio": \(load / pythonLoad),
        "load_peak_mib": \(median(rounds["load"], "peak_kib") / 1024),
        "python_peak_mib": \(median(rounds["python"], "peak_kib") / 1024),
        "save_s": \(save), "python_dumps_s": \(pythonDumps), "save_ratio": \(save / pythonDumps),
        "stream_s": \(median(rounds["stream"], "stream_s")),
        "stream_peak_mib": \(median(rounds["stream"], "peak_kib") / 1024),
        "journal_recordings": \(options.journal),
        "journal_appends_per_s": \(recordings / many["append_s"]),
        "journal_finish_s": \(many["finish_s"]),
        "journal_peak_mib": \(many["peak_kib"] / 1024),
        "journal_10000_peak_mib": \(few["peak_kib"] / 1024),
        "journal_peak_ratio": \(many["peak_kib"] / few["peak_kib"])
      }
      """
  }

  private func ours(_ measurement: Measurement, _ arguments: [String]) throws -> Figures {
    Figures(try Child.run(["/proc/self/exe", measurement.rawValue] + arguments))
  }

  private func journal(_ count: Int, in folder: FilePath) throws -> Figures {
    let place = folder.appending("journal\(count)")
    guard place.withPlatformString({ mkdir($0, 0o700) }) == 0 else { throw Errno(rawValue: errno) }
    defer { _ = try? Child.run(["rm", "-r", place.string]) }
    return try ours(.journal, [place.string, String(count)])
  }

  private func median(_ rounds: [Figures]?, _ name: String) -> Double {
    let values = (rounds ?? []).map { $0[name] }.sorted()
    return values.isEmpty ? .nan : values[values.count / 2]
  }
}

/// The numbers of one measurement, by name.
struct Figures {
  private var values: [String: Double] = [:]

  /// - Parameter json: a flat object of numbers.
  init(_ json: String) {
    for member in json.split(whereSeparator: { "{},\n".contains($0) }) {
      let parts = member.split(separator: ":")
      guard parts.count == 2 else { continue }
      let name = parts[0].filter { $0 != "\"" && $0 != " " }
      values[name] = Double(parts[1].filter { $0 != " " })
    }
  }

  subscript(name: String) -> Double { values[name] ?? .nan }
}
