import Testing

@testable import CmdMox

@Suite struct EnvironmentFilterTests {
  /// One variable, and whether it is kept.
  struct Row: Sendable, CustomTestStringConvertible {
    let name: String
    var command = ""
    var allowlist: [String] = []
    var explicit: [String] = []
    let isKept: Bool

    var testDescription: String {
      "\(isKept ? "keeps" : "drops") \(name) command=\(command) \(allowlist) \(explicit)"
    }
  }

  static let rows: [Row] =
    [
      "LANG", "MONKEY", "KEYBOARD", "PASSAGE", "BYPASS", "PWDX", "COMPASS_DIR", "LC_ALL", "x",
      "ümlaut",
      "Home", "path", "A",
    ].map { Row(name: $0, isKept: true) }
    + ["PATH", "HOME", "USER", "SHELL", "SSH_AUTH_SOCK", "GPG_AGENT_INFO"].flatMap {
      [
        Row(name: $0, isKept: false), Row(name: $0, allowlist: [$0], isKept: true),
        Row(name: $0, explicit: [$0], isKept: true),
      ]
    }
    + [
      "SECRET", "MY_SECRET_THING", "mysecretthing", "TOKEN", "GITHUB_TOKEN", "tokens", "API_KEY",
      "MYAPI_KEYS", "PASSWORD", "dbPasswordFile", "KEY", "GITHUB_KEY", "KEY_ID", "A_KEY_B", "key",
      "CREDENTIALS", "AWS_CREDENTIALS_FILE", "PASS", "DB_PASS", "PWD", "DB_PWD", "OLD_PWD_",
      "_PASS",
      "my_Pass_x",
    ].flatMap {
      [
        Row(name: $0, isKept: false), Row(name: $0, allowlist: [$0], isKept: true),
        Row(name: $0, command: "git", explicit: [$0], isKept: true),
      ]
    }
    + ["CMDMOX_SESSION", "CMDMOX_", "CMOX_X", "CMD_MOX_IPC", "CMD_MOX_"].flatMap {
      [
        Row(name: $0, isKept: false), Row(name: $0, allowlist: [$0], isKept: false),
        Row(name: $0, explicit: [$0], isKept: false),
      ]
    }
    + [
      Row(name: "CMDMOX", isKept: true), Row(name: "CMDMO_X", isKept: true),
      Row(name: "cmdmox_x", isKept: true),
    ]
    + [
      ("git", "GIT_DIR"), ("aws", "AWS_REGION"), ("docker", "DOCKER_HOST"), ("npm", "NPM_CONFIG_X"),
      ("pip", "PIP_INDEX_URL"), ("cargo", "CARGO_HOME"), ("go", "GOPATH"), ("go", "GO"),
      ("rustc", "RUSTC_WRAPPER"),
    ].flatMap { command, name in
      [
        Row(name: name, command: command, isKept: true),
        Row(name: name, command: "/usr/bin/" + command, isKept: true),
        Row(name: name, command: "./" + command, isKept: true),
        Row(name: name, command: command + "x", isKept: false),
        Row(name: name, command: "make", isKept: false),
        Row(name: "LANG", command: command, isKept: false),
        Row(name: "LANG", command: command, allowlist: ["LANG"], isKept: true),
        Row(name: "X_" + name, command: command, isKept: false),
      ]
    }
    + [
      Row(name: "AWS_SECRET_ACCESS_KEY", command: "aws", isKept: false),
      Row(name: "GIT_TOKEN", command: "git", isKept: false),
      Row(name: "LANG", command: "make", isKept: false),
      Row(name: "LANG", command: "make", allowlist: ["LANGUAGE", "LAN"], isKept: false),
      Row(name: "LANG", command: "git/", isKept: false),
    ]

  @Test(arguments: rows)
  func `keeps and drops by the rules`(row: Row) {
    let kept = filterEnvironmentSubset(
      [row.name: "value", "LANGUAGE_": "x"], command: row.command, allowlist: row.allowlist,
      explicitKeys: row.explicit)
    #expect(kept[row.name] == (row.isKept ? "value" : nil))
  }

  @Test(arguments: rows)
  func `an environment of bytes is filtered like one of text`(row: Row) {
    let filter = EnvironmentFilter(wanted: row.allowlist + row.explicit)
    let block = Array("OTHER=x\0\(row.name)=value\0".utf8)
    let kept = filter.subset(of: block, command: row.command)
    #expect(kept.texts[row.name] == (row.isKept ? "value" : nil))
    #expect(kept.bytes.isEmpty)
  }

  @Test(
    arguments: [
      ([], [:]), (["A=1\0"], ["A": "1"]), (["A=1"], ["A": "1"]), (["A=\0"], ["A": ""]),
      (["A=b=c\0"], ["A": "b=c"]), (["A=1\0", "A=2\0"], ["A": "1"]),
      (["A\0", "\0", "=x\0", "B= \n\0"], ["B": " \n"]),
    ] as [([String], [String: String])])
  func `reads an environment as getenv does`(entries: [String], expected: [String: String]) {
    let block = entries.flatMap { Array($0.utf8) }
    #expect(EnvironmentFilter.texts(of: block) == expected)
    #expect(Invocation(command: [], args: [[UInt8]](), environmentBlock: block).env == expected)
  }

  @Test func `bytes that are no text are kept exactly`() {
    let block: [UInt8] = [0x41, 0xff, 0x3d, 0xfe, 0] + Array("B=ümlaut\0".utf8)
    let kept = EnvironmentFilter(wanted: []).subset(of: block, command: "")
    #expect(kept.texts == ["A\u{fffd}": "\u{fffd}", "B": "ümlaut"])
    #expect(kept.bytes["env_subset", "A\u{fffd}"] == [0xfe])
    #expect(kept.bytes["env_keys", "A\u{fffd}"] == [0x41, 0xff])
  }

  @Test func `variables whose names read the same are all kept`() throws {
    let names: [[UInt8]] = [
      [0x41, 0xff], [0x41, 0xfe], Array("A\u{fffd}".utf8), Array("\u{fc}".utf8),
      Array("u\u{308}".utf8),
    ]
    let block = names.enumerated().flatMap { $1 + Array("=\($0)\0".utf8) }
    let kept = EnvironmentFilter(wanted: []).subset(of: block, command: "")
    var recording = RecordedInvocation(
      sequence: 0, command: "env", envSubset: kept.texts, timestamp: "")
    recording.bytes = kept.bytes
    let again = try RecordedInvocation(dictionary: recording.toDictionary())
    let pairs = again.environmentBytes.map { ($0.key, String(decoding: $0.value, as: UTF8.self)) }
    #expect(pairs.count == names.count)
    for (index, name) in names.enumerated() {
      #expect(pairs.first { $0.0 == name }?.1 == String(index))
    }
  }

  @Test func `an environment of 2 MB passes`() {
    let value = String(repeating: "v", count: 131_072)
    let block = (0..<16).flatMap { Array("GIT_\($0)=\(value)\0".utf8) }
    let kept = EnvironmentFilter(wanted: []).subset(of: block, command: "git")
    #expect(kept.texts.count == 16)
    #expect(kept.texts["GIT_15"] == value)
  }
}
