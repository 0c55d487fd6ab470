import CmdMox
import Glibc
import KernelCalls
import SystemPackage

/// An OTLP/HTTP endpoint, reached through curl: proxies, certificates and TLS are as set up for it.
struct Collector {
  private let url: String

  /// - Parameter endpoint: as in `OTEL_EXPORTER_OTLP_ENDPOINT`: the signal's path is put behind it
  ///   unless it is there.
  /// - Throws: ``Failure`` for what is no address.
  init(_ endpoint: String) throws {
    guard endpoint.hasPrefix("http://") || endpoint.hasPrefix("https://") else {
      throw Failure(.usage, "--endpoint \(endpoint): not an http or https address")
    }
    let base = endpoint.hasSuffix("/") ? String(endpoint.dropLast()) : endpoint
    url = base.hasSuffix("/v1/traces") ? base : base + "/v1/traces"
  }

  /// Sends one request and waits for the answer.
  ///
  /// - Throws: ``Failure`` where it does not arrive.
  func send(_ request: UnsafeRawBufferPointer) throws {
    // By files in memory: a header can hold a key, and arguments can be seen by everybody.
    let body = try MemoryFile(request)
    let headers = try MemoryFile(Self.headers)
    defer {
      body.close()
      headers.close()
    }
    let arguments = [
      "curl", "--silent", "--show-error", "--fail", "--max-time", "60", "--output", "/dev/null",
      "--header", "@/dev/fd/3", "--data-binary", "@-", "--url", url,
    ]
    let status = try Self.run(arguments, input: body, headers: headers)
    guard status == 0 else {
      throw Failure(.cannotCreate, "\(url): the spans were not taken (curl ended with \(status))")
    }
  }

  /// Those of `OTEL_EXPORTER_OTLP_HEADERS`: `name=value,name=value`.
  private static var headers: [UInt8] {
    var lines = ["Content-Type: application/json"]
    for variable in ["OTEL_EXPORTER_OTLP_TRACES_HEADERS", "OTEL_EXPORTER_OTLP_HEADERS"] {
      guard let value = getenv(variable) else { continue }
      for pair in Arguments.list(String(cString: value)) {
        let parts = pair.split(separator: "=", maxSplits: 1).map(String.init)
        if parts.count == 2 { lines.append("\(parts[0]): \(parts[1])") }
      }
      break
    }
    return Array((lines.joined(separator: "\n") + "\n").utf8)
  }

  private static func run(
    _ arguments: [String], input: MemoryFile, headers: MemoryFile
  ) throws -> Int32 {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_adddup2(&actions, input.descriptor, STDIN_FILENO)
    posix_spawn_file_actions_adddup2(&actions, headers.descriptor, 3)
    let words: [UnsafeMutablePointer<CChar>?] = arguments.map { strdup($0) } + [nil]
    defer { for word in words { free(word) } }
    var pid: pid_t = 0
    let error = posix_spawnp(&pid, "curl", &actions, nil, words, environ)
    guard error == 0 else {
      throw Failure(.ourFault, "curl, which sends the spans: \(Errno(rawValue: error)); install it")
    }
    var status: Int32 = 0
    while waitpid(pid, &status, 0) < 0 && errno == EINTR {}
    return status & 0x7f == 0 ? status >> 8 & 0xff : 128 + (status & 0x7f)
  }
}

/// Bytes that another program reads from a descriptor.
struct MemoryFile {
  let descriptor: Int32

  /// - Throws: ``Failure``, without memory.
  init(_ bytes: some Sequence<UInt8>) throws {
    let made = Array(bytes).withUnsafeBytes { kernel_memory_file($0.baseAddress, $0.count) }
    guard made >= 0 else {
      throw Failure(
        .ourFault,
        "no memory for the bytes that go to another program: \(Errno(rawValue: errno))")
    }
    // Not 3, which is where the other program looks for one of these.
    guard made == 3 else {
      descriptor = made
      return
    }
    descriptor = fcntl(made, F_DUPFD_CLOEXEC, 10)
    Glibc.close(made)
  }

  func close() { Glibc.close(descriptor) }
}
