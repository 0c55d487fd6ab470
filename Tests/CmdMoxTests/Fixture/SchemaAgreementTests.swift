import SystemPackage
import Testing

@testable import CmdMox

/// The published JSON Schema and the reader take the same fixtures: `cmdmox validate` reads.
@Suite struct SchemaAgreementTests {
  static let schema: FilePath = {
    var path = FilePath(#filePath)
    for _ in 0..<4 { path.removeLastComponent() }
    return path.appending("docs/fixture-v1.schema.json")
  }()

  /// A fixture with every member that there is.
  static func document() throws -> JSONValue {
    let text = """
      {"$schema": "s", "version": "1.0", "metadata": {"created_at": "", "cmdmox_version": "",
      "platform": "", "python_version": "", "swift_version": "", "test_module": "",
      "test_function": "", "review_acknowledged": "", "session": {"mode": "", "command": ["x"],
      "cwd": "", "exit_code": 0, "duration_ms": 0, "invocations": 0, "opaque": 0, "lost": 0,
      "bytes": {"command": {"0": "eA=="}, "cwd": ""}}},
      "recordings": [{"sequence": 0, "command": "", "args": [""], "stdin": "", "env_subset": {"A": ""},
      "stdout": "", "stderr": "", "exit_code": 0, "timestamp": "", "duration_ms": 0,
      "process": {"pid": 0, "ppid": 0, "parent": 0, "executable": "", "cwd": "", "termination": "",
      "signal": 0, "error": "", "started_us": 0, "ended_us": 0, "user_cpu_us": 0, "system_cpu_us": 0,
      "max_rss_kib": 0, "argv0": "", "interpreter": "", "status_source": "", "opaque": "",
      "confined": "", "stdin": {"taken": "", "length": 0, "marks": [""]}, "stdout": {"taken": ""},
      "stderr": {"taken": ""}, "bytes": {"cwd": ""}},
      "bytes": {"args": {"0": ""}, "stdin": "", "env_subset": {"A": ""}}}],
      "scrubbing_rules": [{"pattern": "", "replacement": "", "applied_to": [""], "description": "",
      "keywords": [""], "secret_group": 0, "entropy": 1.5, "allowed": [""], "stop_words": [""]}]}
      """
    return try JSONValue(text: Array(text.utf8))
  }

  /// Values of every kind, and texts that some members do not take.
  static let others: [JSONValue] = [
    nil, true, 1, 1.5, "x", "eA==", "1.5", ["x"], [1], [:], ["A": "eA=="], ["A": 1],
  ]

  @Test func `the tool has the schema that is published`() throws {
    #expect(try PackageResources.fixture_v1_schema_json == contents(of: Self.schema))
  }

  @Test func `the reader and the schema agree on each member`() throws {
    let schema = try FixtureSchema()
    let document = try Self.document()
    #expect(schema.findings(in: document).isEmpty)
    var compared = 0
    for mutation in Self.mutations(of: document) where !Self.isLeft(mutation.what) {
      let isRead = (try? FixtureFile(dictionary: mutation.object)) != nil
      let findings = schema.findings(in: .object(mutation.object))
      #expect(isRead == findings.isEmpty, "\(mutation.what)")
      compared += 1
    }
    #expect(compared > 800)
  }

  /// What the reader takes and the schema does not: a fixture from before there was a version, and
  /// bytes in a form that a later version may have, which are a finding of their own.
  private static func isLeft(_ what: String) -> Bool {
    what == "$.version is missing" || what.contains(".bytes.")
  }

  private struct Mutation {
    var what: String
    var object: JSONObject
  }

  /// The document with each value in it replaced by others, and each member left out.
  private static func mutations(of document: JSONValue) -> [Mutation] {
    variants(of: document, "$").compactMap { what, value in
      if case .object(let object) = value { Mutation(what: what, object: object) } else { nil }
    }
  }

  private static func variants(
    of value: JSONValue, _ path: String
  ) -> [(what: String, value: JSONValue)] {
    var found = others.map { ("\(path) is \($0.text)", $0) }
    switch value {
    case .object(let object):
      for (name, member) in object.members {
        var without = object
        without[name] = nil
        found.append(("\(path).\(name) is missing", .object(without)))
        for (what, variant) in variants(of: member, "\(path).\(name)") {
          var changed = object
          changed[name] = variant
          found.append((what, .object(changed)))
        }
      }
    case .array(let elements):
      for (index, element) in elements.enumerated() {
        for (what, variant) in variants(of: element, "\(path)[\(index)]") {
          var changed = elements
          changed[index] = variant
          found.append((what, .array(changed)))
        }
      }
    default: break
    }
    return found
  }
}
